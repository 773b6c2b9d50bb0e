import { Input, Instant, Text, View } from '#libs/contract/fields.js';

@Input('ActAsUserInput', 'Why somebody acts as a user.')
export class ActAsUserInput {
  @Text({
    minLength: 3,
    maxLength: 300,
    description: 'Why; it stays in the audit trail.',
    example: 'The customer sees no invoices (ticket 4711)',
  })
  reason!: string;
}
@View('ActingToken', 'An access token that reads what a user reads, for a short while.')
export class ActingTokenView {
  @Text({
    maxLength: 8192,
    description: 'The access token.',
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
  })
  accessToken!: string;

  @Text({
    maxLength: 16,
    description: '`Bearer`, or `DPoP`: it is bound to the same key as the token that it was asked for with.',
    example: 'Bearer',
  })
  tokenType!: string;

  @Instant({ description: 'Until when it is good at most.' })
  expiresAt!: string;
}
