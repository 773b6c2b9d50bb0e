import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '#libs/testing/database.js';
import { ProjectCopy, type Report } from './copy.js';

/** One of every kind, with and without null, default, bounds and uniqueness. */
const everyKind = `number:text(20)! subject:text(200) body:text(4000)= priority:choice(LOW,NORMAL,HIGH) mood:choice(GOOD,BAD)?
  dueAt:instant? seenAt:instant fee:money? price:money urgent:flag vip:flag? seats:int(1..50)=2 rank:int? code:int(100..)!
  weight:bigint? size:bigint(0..) tags:texts(30) labels:texts? extra:json meta:json? contact:email? sender:email
  assigneeId:id→users? reporterId:id->users ref:id? key:id`;
const seatsCopied = 3;

/** As other people's tables are: names, types, defaults and constraints of every sort, and rows. */
const awkwardTable = `
  create type machine_mood as enum ('calm', 'angry');
  create table "legacy_machines" (
    "serialNo" serial,
    id uuid default gen_random_uuid() primary key,
    user_id uuid not null references users on delete cascade,
    label varchar(80) not null,
    asset_tag text not null constraint legacy_tag_key unique,
    state text not null default 'ACTIVE' check (state in ('ACTIVE', 'BROKEN', 'SOLD')),
    shift varchar(10) not null default 'day' check (shift in ('day', 'night')),
    notes text,
    long_text text,
    power int check (power > 0 and power <= 900),
    slots smallint not null default 4,
    counter bigint,
    is_rented boolean not null default false,
    "inspectedAt" timestamptz,
    price numeric(12,2),
    built_on date,
    mood machine_mood default 'calm',
    colors text[],
    attributes jsonb not null default '{}',
    list_of jsonb default '[]',
    vendor_id uuid,
    total int generated always as (slots * 2) stored,
    window_from int, window_to int,
    "order" int,
    created_at timestamptz default now(),
    constraint window_is_one check (window_from < window_to)
  );
  create index legacy_machines_lower on legacy_machines (lower(label));
  create unique index legacy_machines_vendor on legacy_machines (vendor_id, label);
  insert into users (email, display_name, id) values ('old@tandem.example', 'Old', '0197f5a0-0000-7000-8000-0000000000aa');
  insert into legacy_machines (user_id, label, asset_tag, long_text, list_of, created_at)
  select '0197f5a0-0000-7000-8000-0000000000aa', 'Machine ' || g, 'T-' || g, repeat('x', 700), '[1]', null
  from generate_series(1, ${seatsCopied}) g`;

let copy: ProjectCopy;
let database: TestDatabase;
beforeAll(async () => {
  copy = ProjectCopy.make();
  database = await TestDatabase.clone(inject('testDatabase'));
  await database.sql(awkwardTable);
});
afterAll(async () => {
  copy?.remove();
  await database?.drop();
});

describe('npm run generate', () => {
  it('makes a domain with fields of every kind', async () => {
    const output = await copy.npm('generate', ['support-ticket', '--fields', everyKind]);
    expect(output).toContain('src/support-tickets/support-tickets.service.ts');
  });
  it('makes one that belongs to nobody, and leads to another that was made', async () => {
    const output = await copy.npm('generate', [
      'categoryNote',
      '--shared',
      '--fields',
      'text:text(300) supportTicketId:id→supportTickets',
    ]);
    expect(output).toContain('src/category-notes/category-note.entity.ts');
  });
  it('starts from a table, and says what of it nobody can be shown', async () => {
    const output = await copy.npm('generate', ['machine', '--from-table', 'legacy_machines'], {
      DATABASE_OWNER_URL: database.ownerUrl,
    });
    const left = [...output.matchAll(/^note: the column (\w+) is left out/gm)].map(([, name]) => name);
    expect(left.sort()).toEqual(
      [
        'serialNo',
        'price',
        'built_on',
        'mood',
        'list_of',
        'vendor_id',
        'total',
        'window_from',
        'window_to',
        'order',
      ].sort(),
    );
  });
});

describe('what it made, untouched', () => {
  it('passes npm run docs:api', async () => {
    expect(await copy.npm('docs:api', [], { CI: '' })).toContain('passed');
  });
  it.each(['typecheck', 'lint', 'check:architecture', 'build'])('passes npm run %s', async (script) => {
    await expect(copy.npm(script)).resolves.toBeDefined();
  });
  it('is formatted', async () => {
    await expect(copy.prettier(copy.differing)).resolves.toBeDefined();
  });
  it('passes its own specs, and the runners of all domains as far as they speak of it', async () => {
    const its =
      '([sS]upport.?[tT]icket|[cC]ategory.?[nN]ote|[mM]achine|every operation|by the policies of all|test/contract)';
    const { passed, failed, said } = await copy.test(
      'src/support-tickets',
      'src/category-notes',
      'src/machines',
      'test/matrix/matrix.spec.ts',
      'test/surfaces',
      'test/lists',
      'test/queries/statements.spec.ts',
      'test/queries/where-and-can.spec.ts',
      'test/races/versions',
      '--testNamePattern',
      its,
    );
    expect(failed, said).toEqual([]);
    // Nothing of it would have failed either if nothing had run.
    expect(passed.length).toBeGreaterThan(300);
  });
  it('migrates the database that has the table already, and keeps its rows', async () => {
    await copy.npm('migrate', [], { DATABASE_OWNER_URL: database.ownerUrl, DATABASE_URL: database.servingUrl });
    const rows = await database.sql('select version, deleted_at, created_at, xid from legacy_machines');
    expect(rows).toHaveLength(seatsCopied);
    for (const row of rows) expect(row).toMatchObject({ version: 1, deleted_at: null, created_at: expect.any(Date) });
    await database.sql(`update legacy_machines set notes = 'seen'`);
    expect(await database.sql('select distinct version from legacy_machines')).toEqual([{ version: 2 }]);
    await expect(database.sql(`update legacy_machines set notes = repeat('x', 501)`)).rejects.toThrow(
      'check constraint',
    );
  });
});

// One run for all: each is found by a test that the others leave alone.
describe('its specs fail', () => {
  let found: Report;
  beforeAll(async () => {
    copy.edit('src/category-notes/category-notes.service.ts', `actor.require('delete', categoryNote);`, 'undefined;');
    copy.edit('libs/authz/row-commands.ts', 'requireMatch(row, command.ifMatch);', '');
    copy.edit('src/support-tickets/support-tickets.policy.ts', 'conditions: own', 'conditions: {}');
    found = await copy.test(
      'src/category-notes/category-notes.service.spec.ts',
      'src/machines/machines.service.spec.ts',
      'src/support-tickets/support-tickets.service.spec.ts',
    );
  });
  it.each([
    ['when nobody asks who may delete', 'changing category notes is not for customers'],
    [
      'when no version is compared',
      'changing machines counts the version, and refuses a change that stands on an old one',
    ],
    ['when everybody may see it', 'reading support tickets shows customers their own and the staff all'],
  ])('%s', (_name, test) => {
    expect(found.failed, found.said).toContain(test);
  });
  it('and pass where nothing is wrong', () => {
    expect(found.passed).toEqual(
      expect.arrayContaining([
        'reading category notes shows all to every account',
        'making a machine makes it for whoever asks',
      ]),
    );
  });
});
