import type { PipeTransform } from '@nestjs/common';
import { Args, ID } from '@nestjs/graphql';
import type { Type } from '#libs/contract/fields.js';
import { descriptionOf } from '#libs/contract/fields.js';
import { validate } from '#libs/contract/validate.js';

class InputPipe implements PipeTransform {
  constructor(
    private readonly input: Type,
    private readonly optional: boolean,
  ) {}
  transform(value: unknown): object | undefined {
    return validate(this.input, value ?? (this.optional ? {} : value));
  }
}
/** The argument `input`, checked like the body of the REST twin. An optional one that is left out is an empty object. */
export const InputArg = (input: Type, o: { optional?: boolean } = {}): ParameterDecorator =>
  Args(
    'input',
    { type: () => input as never, nullable: o.optional ?? false, description: descriptionOf(input) },
    new InputPipe(input, o.optional ?? false),
  );
/** An argument that names a resource. */
export const IdArg = (of: string, name = 'id'): ParameterDecorator =>
  Args(name, { type: () => ID, description: `Id of the ${of}.` });
/** The argument `ifMatch`: the twin of the `If-Match` header. */
export const IfMatchArg = (): ParameterDecorator =>
  Args('ifMatch', {
    type: () => String,
    nullable: true,
    description: 'The `etag` that the change is based on: PRECONDITION_FAILED when the resource has changed since.',
  });
