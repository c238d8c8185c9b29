-- What an instance was made of, where its provider sells more than one kind.
ALTER TABLE "machine" ADD COLUMN "instance_type" TEXT, ADD COLUMN "market" TEXT, ADD COLUMN "zone" TEXT;
