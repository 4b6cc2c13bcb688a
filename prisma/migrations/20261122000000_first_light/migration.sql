-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "is_owner" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "user_agent" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "owner_claims" (
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "owner_claims_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "cameras" (
    "id" UUID NOT NULL,
    "stream_id" UUID NOT NULL,
    "owner_id" UUID,
    "name" TEXT NOT NULL,
    "name_ja" TEXT,
    "place" TEXT,
    "place_ja" TEXT,
    "latitude" DOUBLE PRECISION NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,
    "bearing" DOUBLE PRECISION,
    "initial_view" JSONB NOT NULL,
    "time_zone" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "sealed_address" BYTEA,
    "address_hint" TEXT,
    "has_credentials" BOOLEAN NOT NULL DEFAULT false,
    "options" JSONB NOT NULL DEFAULT '{}',
    "ingest" TEXT NOT NULL DEFAULT 'always',
    "visibility" TEXT NOT NULL DEFAULT 'public',
    "record_policy" JSONB NOT NULL,
    "licence" TEXT,
    "attribution" TEXT,
    "attribution_url" TEXT,
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "origin" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "cameras_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "streams" (
    "id" UUID NOT NULL,
    "epoch_ms" BIGINT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'unchecked',
    "state_reason" TEXT,
    "state_since" TIMESTAMPTZ(3),
    "media_sequence" BIGINT NOT NULL DEFAULT 0,
    "wanted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "streams_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "nodes" (
    "id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "url" TEXT,
    "place" TEXT,
    "pid" INTEGER NOT NULL,
    "host" TEXT,
    "capacity" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "nodes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stream_leases" (
    "stream_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "node_id" UUID,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "place" TEXT,
    "first_media_sequence" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "stream_leases_pkey" PRIMARY KEY ("stream_id","role")
);

-- CreateTable
CREATE TABLE "segment_minutes" (
    "stream_id" UUID NOT NULL,
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "segments" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "segment_minutes_pkey" PRIMARY KEY ("stream_id","minute")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "cameras_stream_id_key" ON "cameras"("stream_id");

-- CreateIndex
CREATE UNIQUE INDEX "cameras_origin_key" ON "cameras"("origin");

-- CreateIndex
CREATE INDEX "cameras_deleted_at_name_idx" ON "cameras"("deleted_at", "name");

-- CreateIndex
CREATE INDEX "nodes_role_heartbeat_at_idx" ON "nodes"("role", "heartbeat_at");

-- CreateIndex
CREATE INDEX "stream_leases_node_id_idx" ON "stream_leases"("node_id");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cameras" ADD CONSTRAINT "cameras_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cameras" ADD CONSTRAINT "cameras_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stream_leases" ADD CONSTRAINT "stream_leases_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stream_leases" ADD CONSTRAINT "stream_leases_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment_minutes" ADD CONSTRAINT "segment_minutes_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams"("id") ON DELETE CASCADE ON UPDATE CASCADE;


