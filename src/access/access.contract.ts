import { Flag, Json, Text, View } from '#libs/contract/fields.js';
import { ResourceView } from '#libs/contract/resource-view.js';

@View('Role', 'A named set of rules that users can be given.')
export class RoleView extends ResourceView {
  @Text({ maxLength: 40, description: 'The name that users are given it by.', example: 'support' })
  name!: string;

  @Text({ description: 'What it is for.', example: 'Helps customers: sees accounts and what belongs to them.' })
  description!: string;

  @Flag({ description: 'Whether it comes with the service, with rules of its own that every domain defines.' })
  builtIn!: boolean;

  @Json({
    list: true,
    maxItems: 200,
    description: 'Its rules beside those of a built-in role: action, subject and what narrows them.',
    example: { action: 'read', subject: 'User', conditions: { status: 'ACTIVE' } },
  })
  rules!: Record<string, unknown>[];
}
