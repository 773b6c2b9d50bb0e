import { defineErrors } from '#libs/errors/catalogue.js';
import { defineDetailCodes } from '#libs/errors/detail-codes.js';
import { accessDetailTexts, accessTexts } from './locales/texts.js';

export const accessErrors = defineErrors(
  'access',
  {
    ROLE_NOT_FOUND: { status: 404, description: 'There is no such role, or the caller may not see it.' },
    ROLE_NAME_TAKEN: { status: 409, description: 'Another role has the name.' },
    ROLE_BUILT_IN: { status: 409, description: 'A role that comes with the service cannot be deleted.' },
    ROLE_FIXED: { status: 409, description: 'The role that may do everything has no rules that could be changed.' },
    ROLE_IN_USE: { status: 409, description: 'Somebody holds the role. Take it from them first.' },
    BEYOND_OWN_RIGHTS: {
      status: 403,
      description:
        'Nobody gives, or takes, more than they have: `details` names the rules or roles that go beyond what the caller may do, or cannot be compared with it.',
    },
  },
  accessTexts,
);
export const accessDetails = defineDetailCodes(
  'access details',
  {
    BEYOND_OWN: 'The rule or role gives more than the caller has.',
    TAKEN_BEYOND_OWN: 'A role that gives more than the caller has would be taken away.',
  },
  accessDetailTexts,
);
