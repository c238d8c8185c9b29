/** Of the bucket; rights to make images reach no further. Free of clients, so that the stack can name it. */
export const imagesFolder = "machine-images/";
