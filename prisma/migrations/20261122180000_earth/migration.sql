-- AlterTable
ALTER TABLE "cameras" ADD COLUMN     "country" TEXT,
ADD COLUMN     "feed" TEXT,
ADD COLUMN     "masks" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "withheld_at" TIMESTAMPTZ(3),
ADD COLUMN     "withheld_reason" TEXT;

-- AlterTable
ALTER TABLE "streams" ADD COLUMN     "look" JSONB,
ADD COLUMN     "looked_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "stream_state_changes" (
    "stream_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "stream_state_changes_pkey" PRIMARY KEY ("stream_id","at")
);

-- CreateTable
CREATE TABLE "feeds" (
    "id" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "condition" TEXT NOT NULL DEFAULT 'off',
    "cameras" INTEGER NOT NULL DEFAULT 0,
    "last_ok_at" TIMESTAMPTZ(3),
    "last_tried_at" TIMESTAMPTZ(3),
    "next_at" TIMESTAMPTZ(3),
    "fault" TEXT,

    CONSTRAINT "feeds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_runs" (
    "id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "actor_id" UUID,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "removed" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "rejected_rows" JSONB NOT NULL DEFAULT '[]',
    "pending" JSONB,
    "fault" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "removal_requests" (
    "id" UUID NOT NULL,
    "camera_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "regions" JSONB NOT NULL DEFAULT '[]',
    "state" TEXT NOT NULL DEFAULT 'open',
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" UUID,

    CONSTRAINT "removal_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "stream_state_changes_at_idx" ON "stream_state_changes"("at");

-- CreateIndex
CREATE INDEX "import_runs_source_started_at_idx" ON "import_runs"("source", "started_at");

-- CreateIndex
CREATE INDEX "removal_requests_state_created_at_idx" ON "removal_requests"("state", "created_at");

-- CreateIndex
CREATE INDEX "cameras_feed_idx" ON "cameras"("feed");

-- CreateIndex
CREATE INDEX "cameras_ingest_idx" ON "cameras"("ingest");

-- CreateIndex
CREATE INDEX "streams_wanted_at_idx" ON "streams"("wanted_at");

-- CreateIndex
CREATE INDEX "streams_looked_at_idx" ON "streams"("looked_at");

-- AddForeignKey
ALTER TABLE "stream_state_changes" ADD CONSTRAINT "stream_state_changes_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "removal_requests" ADD CONSTRAINT "removal_requests_camera_id_fkey" FOREIGN KEY ("camera_id") REFERENCES "cameras"("id") ON DELETE CASCADE ON UPDATE CASCADE;


