/** Further statements of a second migration, as drizzle, knex and people write them, on top of `SCHEMA`. */
export const MORE_STATEMENTS: readonly string[] = [
  // As drizzle-kit writes them.
  `CREATE TABLE IF NOT EXISTS "orders" ("id" serial PRIMARY KEY NOT NULL, "user_id" integer NOT NULL, "total" numeric(12, 2) DEFAULT '0' NOT NULL, "created_at" timestamp with time zone DEFAULT now() NOT NULL);`,
  `CREATE TABLE "lines" ("id" serial PRIMARY KEY NOT NULL, "post_id" integer NOT NULL);--> statement-breakpoint
ALTER TABLE "lines" ADD CONSTRAINT "lines_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;`,
  `DO $$ BEGIN
 ALTER TABLE "posts" ADD CONSTRAINT "posts_author_users_id_fk" FOREIGN KEY ("author") REFERENCES "users"("id") ON DELETE no action ON UPDATE no action;
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;`,
  `DO $$ BEGIN
 CREATE TYPE "public"."role" AS ENUM('admin', 'member');
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;`,
  `ALTER TABLE "users" ALTER COLUMN "state" SET DATA TYPE text;`,
  `ALTER TABLE "users" ALTER COLUMN "plain" SET DATA TYPE varchar(60);`,
  `ALTER TABLE "users" ALTER COLUMN "mood" DROP DEFAULT;`,
  `ALTER TABLE "users" RENAME COLUMN "note" TO "remark";`,
  `ALTER TABLE "users" DROP COLUMN IF EXISTS "note";`,
  `ALTER TABLE "users" ADD COLUMN "last_seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "tenant" text DEFAULT 'main' NOT NULL;`,
  `CREATE UNIQUE INDEX IF NOT EXISTS "users_name_unique" ON "users" USING btree ("name");`,
  `CREATE INDEX IF NOT EXISTS "posts_title_idx" ON "posts" USING btree ("title" DESC NULLS LAST);`,
  `ALTER TABLE "users" ADD CONSTRAINT "users_name_unique" UNIQUE("name");`,
  `ALTER TABLE "tags" DROP CONSTRAINT "tags_name_unique";`,
  `ALTER TYPE "mood" ADD VALUE 'great' BEFORE 'happy';`,
  `ALTER TYPE "mood" RENAME VALUE 'sad' TO 'blue';`,
  // As knex writes them.
  `alter table "users" add column "deleted_at" timestamptz null`,
  `alter table "posts" alter column "title" drop not null`,
  `alter table "users" add column "is_admin" boolean not null default '0'`,
  `alter table "posts" add constraint "posts_title_unique" unique ("title")`,
  `create index "users_made_index" on "users" ("made")`,
  `alter table "posts" drop constraint "posts_author_fk"`,
  `drop table if exists "marks"`,
  `comment on table "users" is 'people'`,
  // Several actions at once.
  `ALTER TABLE users ADD COLUMN a int, ADD COLUMN b text DEFAULT 'x' NOT NULL`,
  `ALTER TABLE users ADD COLUMN a int, DROP COLUMN note`,
  `ALTER TABLE users ADD COLUMN a int, ALTER COLUMN age TYPE bigint`,
  `ALTER TABLE users ALTER COLUMN age SET DEFAULT 1, ALTER COLUMN age SET NOT NULL`,
  `ALTER TABLE posts ADD CHECK (words < 100000) NOT VALID, ADD COLUMN c int`,
  // Checks that are validated later.
  `ALTER TABLE users ADD CONSTRAINT age_is_there CHECK (age IS NOT NULL) NOT VALID`,
  `ALTER TABLE users ADD CONSTRAINT code_is_there CHECK (code IS NOT NULL)`,
  `ALTER TABLE posts ADD CONSTRAINT words_is_low CHECK (words < 1000000) NOT VALID;
ALTER TABLE posts VALIDATE CONSTRAINT words_is_low;`,
  `ALTER TABLE tags ALTER COLUMN id SET NOT NULL`,
  `ALTER TABLE posts ADD CONSTRAINT posts_author_again FOREIGN KEY (author) REFERENCES users (id) NOT VALID`,
  // Generated columns, identities and defaults.
  `ALTER TABLE posts ADD COLUMN upper_title text GENERATED ALWAYS AS (upper(title)) STORED`,
  `ALTER TABLE marks ALTER COLUMN name SET DEFAULT 'none'`,
  `ALTER TABLE posts ALTER COLUMN id SET GENERATED ALWAYS`,
  `ALTER TABLE posts ALTER COLUMN id RESTART WITH 100000`,
  `ALTER TABLE users ALTER COLUMN id DROP DEFAULT`,
  // Partitions.
  `CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')`,
  `ALTER TABLE events ATTACH PARTITION old_events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')`,
  `ALTER TABLE events DETACH PARTITION events_2026`,
  `DROP TABLE logs_2026`,
  // Triggers, functions, views.
  `CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.body := coalesce(NEW.body, ''touched''); RETURN NEW; END'`,
  `CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 3'`,
  `CREATE TRIGGER stop BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()`,
  `DROP TRIGGER touched ON posts`,
  `DROP TRIGGER IF EXISTS touched ON posts;
CREATE TRIGGER touched BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();`,
  `CREATE OR REPLACE VIEW adults AS SELECT id, name, viewed, email FROM users WHERE age > 17`,
  `CREATE VIEW people AS SELECT id, name FROM users`,
  `DROP VIEW adults; CREATE VIEW adults AS SELECT id, name FROM users WHERE age > 17`,
  // Rights.
  `GRANT SELECT ON users TO lint_group`,
  `REVOKE INSERT ON posts FROM lint_server`,
  `REVOKE lint_group FROM lint_server`,
  `ALTER TABLE tags ENABLE ROW LEVEL SECURITY; CREATE POLICY all_tags ON tags USING (true)`,
  `ALTER TABLE billing OWNER TO lint_group`,
  // Data.
  `TRUNCATE tags`,
  `UPDATE users SET state = 'live'`,
  `UPDATE users SET state = 'live' WHERE id = 3`,
  `DELETE FROM posts WHERE words > 20`,
  `INSERT INTO marks (id, name) SELECT id, title FROM posts`,
  `WITH moved AS (DELETE FROM tags RETURNING *) INSERT INTO marks SELECT * FROM moved`,
  `CREATE TABLE archive AS SELECT * FROM users`,
  `CREATE MATERIALIZED VIEW sums AS SELECT author, sum(words) FROM posts GROUP BY author`,
  `CREATE UNIQUE INDEX CONCURRENTLY users_plain ON users (plain)`,
  `DO $$ BEGIN UPDATE users SET note = 'x'; END $$`,
  `DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM users LOOP UPDATE users SET age = 1 WHERE id = r.id; END LOOP; END $$`,
  `LOCK TABLE users IN ACCESS EXCLUSIVE MODE`,
  `ALTER TABLE users RENAME TO people`,
  `ALTER INDEX users_age_idx RENAME TO users_by_age`,
  `ALTER TABLE marks SET SCHEMA elsewhere`,
  `ALTER SEQUENCE numbers INCREMENT BY 10`,
  `CREATE EXTENSION IF NOT EXISTS pgcrypto`,
  `REINDEX TABLE users`,
];
