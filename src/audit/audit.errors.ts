import { defineErrors } from '#libs/errors/catalogue.js';
import { auditTexts } from './locales/texts.js';

export const auditErrors = defineErrors(
  'audit',
  {
    AUDIT_ENTRY_NOT_FOUND: { status: 404, description: 'There is no such entry, or the caller may not see it.' },
  },
  auditTexts,
);
