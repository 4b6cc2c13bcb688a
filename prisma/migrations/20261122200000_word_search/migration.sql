-- Words in the middle of names and places. A server of somebody else may not have the extension: lists are searched all the same, more slowly.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "cameras_name_words_idx" ON "cameras" USING gin ("name" gin_trgm_ops);
  CREATE INDEX "cameras_name_ja_words_idx" ON "cameras" USING gin ("name_ja" gin_trgm_ops);
  CREATE INDEX "cameras_place_words_idx" ON "cameras" USING gin ("place" gin_trgm_ops);
  CREATE INDEX "cameras_place_ja_words_idx" ON "cameras" USING gin ("place_ja" gin_trgm_ops);
EXCEPTION
  WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
    RAISE NOTICE 'pg_trgm is not available: words are searched without an index';
END
$$;
