/** The fields of the two workloads that show a user's latest orders, so that REST and GraphQL are asked for the same. */
export const latestOrdersFields =
  'id,status,total,note,placedAt,createdAt,lines.id,lines.position,lines.sku,lines.quantity,lines.unitPrice,lines.total,lines.product.name';

export const latestOrders = `query LatestOrders {
  orders(first: 20, sort: [{ field: CREATED_AT, direction: DESC }]) {
    nodes {
      id status total { amount currency } note placedAt createdAt
      lines { id position sku quantity unitPrice { amount currency } total { amount currency } product { name } }
    }
    pageInfo { hasNextPage }
  }
}`;

export const newestUsers = `query NewestUsers {
  users(first: 20) {
    nodes {
      id displayName
      orders(first: 5, sort: [{ field: CREATED_AT, direction: DESC }]) {
        nodes { id status total { amount currency } lines { quantity product { name } } }
      }
    }
  }
}`;
