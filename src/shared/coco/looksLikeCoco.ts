// Whether a JSON file may be a COCO file, judged by its beginning: editors ask this of every JSON file.

/** Characters of the beginning that are looked at. */
export const HEAD_LENGTH = 8192;

/**
 * @param name of the file
 * @param head its first characters, HEAD_LENGTH of them where there are so many
 */
export function looksLikeCoco(name: string, head: string): boolean {
  if (/\.coco\.json$/i.test(name)) return true;
  if (/^\s*\[/.test(head))
    return /"image_id"\s*:/.test(head) && /"(category_id|caption)"\s*:/.test(head);
  const keys = ['images', 'annotations', 'categories'].filter((key) =>
    new RegExp(`"${key}"\\s*:\\s*\\[`).test(head),
  );
  if (keys.length >= 2) return true;
  return keys.length === 1 && /"(file_name|image_id|supercategory)"\s*:/.test(head);
}
