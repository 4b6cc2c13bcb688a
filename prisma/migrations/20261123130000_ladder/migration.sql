-- AlterTable
ALTER TABLE "cameras" ADD COLUMN     "ladder" TEXT NOT NULL DEFAULT 'onDemand';
