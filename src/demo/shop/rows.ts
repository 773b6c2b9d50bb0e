/** Rows as they are written, under the names of their columns. Times are RFC 3339. */
export interface CategoryRow {
  id: string;
  created_at: string;
  updated_at: string;
  slug: string;
  name: string;
  description: string;
  position: number;
}
export interface ProductRow {
  id: string;
  created_at: string;
  updated_at: string;
  category_id: string;
  sku: string;
  name: string;
  description: string;
  price_amount: number;
  currency: string;
  stock: number;
  status: string;
  attributes: object;
}
export interface OrderRow {
  id: string;
  created_at: string;
  updated_at: string;
  customer_id: string;
  status: string;
  total_amount: number;
  currency: string;
  note: string | null;
  internal_note: string | null;
  placed_at: string | null;
  history_count: number;
}
export interface LineRow {
  id: string;
  order_id: string;
  customer_id: string;
  position: number;
  product_id: string;
  sku: string;
  name: string;
  unit_price_amount: number;
  currency: string;
  quantity: number;
}
export interface HistoryRow {
  id: string;
  order_id: string;
  customer_id: string;
  number: number;
  from_status: string;
  to_status: string;
  actor_id: string;
  reason: string | null;
  at: string;
}
export interface NotificationRow {
  id: string;
  created_at: string;
  updated_at: string;
  user_id: string;
  topic: string;
  data: object;
  read_at: string | null;
}

/** Columns and their types by table, in the order in which the tables are filled. */
export const columns = {
  categories:
    'id uuid, created_at timestamptz, updated_at timestamptz, slug text, name text, description text, position int',
  products:
    'id uuid, created_at timestamptz, updated_at timestamptz, category_id uuid, sku text, name text, description text, price_amount bigint, currency text, stock int, status text, attributes jsonb',
  orders:
    'id uuid, created_at timestamptz, updated_at timestamptz, customer_id uuid, status text, total_amount bigint, currency text, note text, internal_note text, placed_at timestamptz, history_count int',
  order_lines:
    'id uuid, order_id uuid, customer_id uuid, position int, product_id uuid, sku text, name text, unit_price_amount bigint, currency text, quantity int',
  order_history:
    'id uuid, order_id uuid, customer_id uuid, number int, from_status text, to_status text, actor_id uuid, reason text, at timestamptz',
  notifications:
    'id uuid, created_at timestamptz, updated_at timestamptz, user_id uuid, topic text, data jsonb, read_at timestamptz',
} as const;
