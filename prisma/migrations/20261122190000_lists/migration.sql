-- CreateIndex
CREATE INDEX "cameras_name_id_idx" ON "cameras"("name", "id");

-- CreateIndex
CREATE INDEX "cameras_deleted_at_withheld_at_visibility_demo_ingest_idx" ON "cameras"("deleted_at", "withheld_at", "visibility", "demo", "ingest");
