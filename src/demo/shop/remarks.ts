/** What customers write on an order. */
export const notes: readonly string[] = [
  'Please leave it with the neighbour at number 12.',
  'The bell does not work, please knock.',
  'It is a present: no invoice in the parcel, please.',
  'Deliver after 5 pm if you can.',
  'Please put it behind the blue gate.',
  'Bitte beim Hausmeister im Erdgeschoss abgeben.',
  'Second floor, no lift. Sorry!',
  'Gift wrap, please: happy birthday, Noor.',
  'Can you send everything in one parcel?',
  'Company address, closed on Fridays.',
  'Merci de laisser le colis au gardien.',
  'No plastic filling, please.',
  'I will be away until Thursday; no hurry.',
  'Please call before delivery.',
];
/** What staff write for each other. */
export const internalNotes: readonly string[] = [
  'Asked twice about the delivery date; call back once the tracking number is there.',
  'Address checked with the customer by phone.',
  'Previous parcel arrived damaged: pack with double corners.',
  'Discount of last order was refunded separately, nothing to do here.',
  'Paid by invoice, limit agreed with accounting.',
  'Customer wants the same batch as in the spring order.',
  'Carrier lost the first label, printed again.',
  'Good customer, add a sample of the filter roast.',
  'Waiting for the second line to come back from the supplier.',
  'Possible duplicate of an earlier order; customer confirmed that both are wanted.',
];
export const customerCancellations: readonly string[] = [
  'Ordered by mistake.',
  'Found it in a shop around the corner.',
  'Delivery would take too long.',
  'I chose the wrong colour.',
  'Changed my mind.',
];
export const staffCancellations: readonly string[] = [
  'Payment was not received.',
  'The address could not be verified.',
  'An item was damaged in the warehouse and cannot be replaced.',
  'Cancelled at the customer’s request by phone.',
];
export const returns: readonly string[] = [
  'Does not fit; returned unused.',
  'Arrived with a dent.',
  'Not as described.',
  'Stopped working after a week.',
  'Returned within 14 days without a reason.',
];
