/**
 * The account in which Debian publishes its images (https://wiki.debian.org/Cloud/AmazonEC2Image/Trixie). Free of clients,
 * so that the stack can name it.
 */
export const debianAccount = "136693071363";
