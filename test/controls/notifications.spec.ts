import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as queries from '#src/notifications/notifications.queries.js';
import { Notification } from '#src/notifications/notification.entity.js';
import { notifications } from '#src/notifications/notifications.resource.js';
import { NotificationsService } from '#src/notifications/notifications.service.js';
import { expected } from '#test/domains/notifications/expected.js';
import { notificationsTests } from '#test/domains/notifications/notifications.tests.js';
import { raceOfReadAll, raceOfReaders } from '#test/domains/notifications/races.js';
import { unreadCases } from '#test/domains/notifications/surfaces.js';
import { placed, toldOf } from '#test/domains/orders/notifications.js';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import { startWorldOf } from '#test/harness/world.js';
import { Matrix } from '#test/matrix/matrix.js';
import { startSurfaces } from '#test/surfaces/started.js';

const timeout = 60_000;
afterEach(() => vi.restoreAllMocks());

it('the matrix notices inboxes that roles open', { timeout }, async () => {
  const definition = notifications.definition as { personal?: string };
  definition.personal = undefined;
  const world = await startWorldOf(notificationsTests);
  const matrix = new Matrix(world);
  const rows = expected.operations.filter((row) => /Ada’s/.test(row.situation));
  for (const row of rows)
    expect(await matrix.operation(row, ['admin']), `${row.operation}, ${row.situation}`).not.toEqual([]);
  expect(world.app.sniffer.leaks).not.toEqual([]);
  definition.personal = 'userId';
  await world.app.stop();
});

it('the race notices devices that read what was read', { timeout }, async () => {
  const spy = vi.spyOn(Notification.prototype, 'read').mockImplementation(function (this: Notification) {
    this.readAt = new Date((this.readAt?.getTime() ?? 0) + 1000);
  });
  const world = await startWorldOf(notificationsTests);
  const { times, versions } = await raceOfReaders(world, 'REST');
  expect([times, versions.length]).toEqual([20, 20]);
  spy.mockRestore();
  await world.app.stop();
});

describe('reading all', () => {
  it('of what was read already is noticed by the race', { timeout }, async () => {
    vi.spyOn(queries, 'readAll').mockImplementation(async (statements, em, userId) => {
      const text = `update notifications set read_at = now() where id in
        (select id from notifications where user_id = $1 order by id for no key update)`;
      await statements.run({ text }, [userId], em);
    });
    const world = await startWorldOf(notificationsTests);
    const { rows } = await raceOfReadAll(world, 'REST');
    expect(rows).not.toHaveProperty('read 2');
    await world.app.stop();
  });
  it('of what nobody has seen is noticed by the surfaces', { timeout }, async () => {
    const { world, surfaces } = await startSurfaces();
    const table = unreadCases();
    const seen = table.cases.find((one) => one.name === 'reads what was seen')!;
    expect(await surfaces.differences(table, seen)).toEqual([]);
    vi.spyOn(queries, 'readAll').mockImplementation(async (statements, em, userId) => {
      await statements.run({ text: 'update notifications set read_at = now() where user_id = $1' }, [userId], em);
    });
    expect(await surfaces.differences(table, seen)).not.toEqual([]);
    await world.app.stop();
  });
});

it('a notification beside the transaction of its cause is noticed', { timeout }, async () => {
  @Injectable()
  class HastyNotifications extends NotificationsService {
    override notify(_em: EntityManager, told: readonly Notification[]): Promise<void> {
      return super.notify(undefined as never, told);
    }
  }
  const world = await startWorldOf(ordersTests, {
    override: (builder) => builder.overrideProvider(NotificationsService).useClass(HastyNotifications),
  });
  const id = await placed(world, false);
  expect(await toldOf(world, id, world.ids.ada)).toEqual({ topics: ['order.placed'], latestIsOfMove: false });
  await world.app.stop();
});
