"""The words of posts and titles, where each database looks them up.

PostgreSQL: a column that a trigger fills. SQLite: a table of FTS5; its triggers are laid after every
round of migrations, see ``forums.search.laying``.
"""

from django.db import migrations

SQLITE = """
    CREATE VIRTUAL TABLE forums_search USING fts5(
        title, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '3 4'
    )"""
# Signs between words are blanks here: PostgreSQL would keep addresses and hyphened words whole.
POSTGRESQL = r"""
    CREATE FUNCTION forums_words_of(words text, weight "char") RETURNS tsvector
    LANGUAGE sql IMMUTABLE AS $$
        SELECT setweight(
            to_tsvector('english', plain) || to_tsvector('german', plain)
            || to_tsvector('simple', plain), weight)
        FROM (SELECT regexp_replace(coalesce(words, ''), '[!-/:-@\[-`{-~\u00a1-\u00a9\u00ab\u00bb\u00bf\u2010-\u205e]+', ' ', 'g') AS plain) AS p
    $$;
    CREATE FUNCTION forums_post_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.words := forums_words_of(NEW.text, 'D');
        IF NEW.first THEN
            NEW.words := NEW.words || forums_words_of(
                (SELECT title FROM forums_thread WHERE id = NEW.thread_id), 'A');
        END IF;
        RETURN NEW;
    END $$;
    CREATE FUNCTION forums_thread_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE forums_post SET words =
            forums_words_of(text, 'D') || forums_words_of(NEW.title, 'A')
        WHERE thread_id = NEW.id AND first;
        RETURN NULL;
    END $$;
    ALTER TABLE forums_post ADD COLUMN words tsvector;
    UPDATE forums_post SET words = forums_words_of(text, 'D') || CASE WHEN first
        THEN forums_words_of((SELECT title FROM forums_thread WHERE id = thread_id), 'A')
        ELSE '' END;
    CREATE INDEX forums_post_words ON forums_post USING gin (words);
    CREATE TRIGGER forums_search_written BEFORE INSERT ON forums_post
        FOR EACH ROW EXECUTE FUNCTION forums_post_words();
    CREATE TRIGGER forums_search_changed BEFORE UPDATE OF text, first, thread_id ON forums_post
        FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text
            OR OLD.first IS DISTINCT FROM NEW.first
            OR OLD.thread_id IS DISTINCT FROM NEW.thread_id)
        EXECUTE FUNCTION forums_post_words();
    CREATE TRIGGER forums_search_titled AFTER UPDATE OF title ON forums_thread
        FOR EACH ROW WHEN (OLD.title IS DISTINCT FROM NEW.title)
        EXECUTE FUNCTION forums_thread_words();
"""
BACK = """
    DROP TRIGGER forums_search_titled ON forums_thread;
    DROP TRIGGER forums_search_changed ON forums_post;
    DROP TRIGGER forums_search_written ON forums_post;
    ALTER TABLE forums_post DROP COLUMN words;
    DROP FUNCTION forums_thread_words(), forums_post_words(), forums_words_of(text, "char");
"""


def lay(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE if sqlite else POSTGRESQL, params=None)


def lift(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute("DROP TABLE forums_search" if sqlite else BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("forums", "0003_how_far_followers_were_told")]
    operations = [migrations.RunPython(lay, lift, elidable=False)]
