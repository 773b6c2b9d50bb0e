export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface DemoProduct {
  readonly name: string;
  /** EUR cents. */
  readonly price: number;
  readonly description: string;
  readonly attributes: Attributes;
  /** ACTIVE unless told. */
  readonly status?: 'DRAFT' | 'ARCHIVED';
}
export interface DemoCategory {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** First part of the sku. */
  readonly prefix: string;
  /** Largest number of pieces that one person usually takes. */
  readonly handful: number;
  readonly products: readonly DemoProduct[];
}

export const product = (
  name: string,
  price: number,
  description: string,
  attributes: Attributes,
  status?: DemoProduct['status'],
): DemoProduct => ({ name, price, description, attributes, status });
