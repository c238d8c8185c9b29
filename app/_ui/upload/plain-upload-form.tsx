import classes from "./upload-panel.module.css";

/** Uploads without JavaScript. The key comes before the files, so that the server knows it when the first byte arrives. */
export function PlainUploadForm({ exercise, formKey }: { exercise: string; formKey: string }) {
  return (
    <form
      method="post"
      encType="multipart/form-data"
      action={`/api/submissions?exercise=${encodeURIComponent(exercise)}`}
      className={`${classes.drop} ${classes.plain}`}
    >
      <input type="hidden" name="idempotencyKey" value={formKey} />
      <label htmlFor="plain-files">Your files, or one archive (zip, tar, tar.gz)</label>
      <input id="plain-files" type="file" name="files" multiple required />
      <button type="submit">Submit</button>
    </form>
  );
}
