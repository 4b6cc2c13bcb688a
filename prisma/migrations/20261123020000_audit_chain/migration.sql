-- An entry is followed by one other: two processes that append at once can't both go on from it.
CREATE UNIQUE INDEX "audit_log_prev_hash_key" ON "audit_log"("prev_hash");
