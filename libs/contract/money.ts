import { formatLocales, type Locale } from '#libs/messages/messages.js';
import { BigInteger, Input, Int, One, Text, View } from './fields.js';

/** Largest amount that is stored: a price or total of a hundred billion in minor units. */
export const maxAmount = 100_000_000_000;

@View('Money', 'An amount of money in minor units, such as cents.')
export class MoneyView {
  @BigInteger({
    description: 'The amount in minor units of the currency (ISO 4217 exponent).',
    min: 0,
    max: maxAmount,
    example: 4990,
  })
  amount!: number;

  @Text({ description: 'ISO 4217 code.', pattern: '^[A-Z]{3}$', minLength: 3, maxLength: 3, example: 'EUR' })
  currency!: string;
}
@Input('MoneyInput', 'An amount of money in minor units, such as cents.')
export class MoneyInput implements MoneyView {
  @Int({ min: 0, max: 100_000_000, description: 'The amount in minor units of the currency.', example: 4990 })
  amount!: number;

  @Text({ pattern: '^[A-Z]{3}$', minLength: 3, maxLength: 3, description: 'ISO 4217 code.', example: 'EUR' })
  currency!: string;
}
const formats = new Map<string, Intl.NumberFormat>();
/** Money as people of a language write it: `€49.90`. */
export function formatMoney({ amount, currency }: MoneyView, locale: Locale): string {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (!format)
    formats.set(key, (format = new Intl.NumberFormat(formatLocales[locale], { style: 'currency', currency })));
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits!);
}
/** Money of a view, from the columns `<field>Amount` and `currency` unless told. */
export const Money = (o: {
  description: string;
  nullable?: boolean;
  restrictable?: boolean;
  columns?: { amount: string; currency: string };
}): PropertyDecorator => {
  return (target, key) =>
    One(() => MoneyView, { columns: { amount: `${String(key)}Amount`, currency: 'currency' }, ...o })(target, key);
};
