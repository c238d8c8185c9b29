-- Instances that the provider takes back.
ALTER TYPE "EndCode" ADD VALUE 'interrupted';
