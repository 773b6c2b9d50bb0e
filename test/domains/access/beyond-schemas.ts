/** Rules speak of subjects, of what may be done to them, and of their fields and columns. */
const rules = [
  /^rules\.\d+\.subject ENUM$/,
  /^rules\.\d+\.action\.\d+ ENUM$/,
  /^rules\.\d+\.fields NOT_ALLOWED$/,
  /^rules\.\d+\.fields MIN_ITEMS$/,
  /^rules\.\d+\.fields\.\d+ (?:ENUM|NOT_ALLOWED)$/,
  /^rules\.\d+\.conditions(?:\..*)? (?:NOT_ALLOWED|TYPE|FORMAT|MIN_ITEMS|MAX_ITEMS|MAX_LENGTH|NULL_NOT_ALLOWED|JSON_DEPTH)$/s,
];
/** So do questions about them. */
const question = [/^(?:subject|action|field) ENUM$/];
export const beyondSchemas = {
  createRole: rules,
  updateRole: rules,
  explainMyPermission: question,
  explainUserPermission: question,
};
