/**
 * Somebody of the staff looks on: the user sees it among their sessions, and may end it. From where is not theirs to know.
 * Parameters: id, account, client, who looks on, until when.
 */
export const actingSessionStatement = {
  name: 'sessions_act',
  text: `insert into sessions (id, user_id, client_id, client_name, device, ip, acted_by, expires_at)
         values ($1, $2, $3, $3, '', '', $4, $5)`,
};
