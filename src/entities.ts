import { AuditEntry } from '#libs/audit/audit-entry.entity.js';
import { Role } from '#src/access/role.entity.js';
import { Category } from '#src/catalog/category.entity.js';
import { Product } from '#src/catalog/product.entity.js';
import { Notification } from '#src/notifications/notification.entity.js';
import { Order, OrderHistoryEntry, OrderLine } from '#src/orders/order.entity.js';
import { User } from '#src/users/user.entity.js';
import { Client } from '#src/clients/client.entity.js';
import { Session } from '#src/identity/sessions/session.entity.js';

/** Every entity of the project. */
export const entities = [
  AuditEntry,
  Role,
  User,
  Notification,
  Category,
  Product,
  Order,
  OrderLine,
  OrderHistoryEntry,
  Client,
  Session,
];
