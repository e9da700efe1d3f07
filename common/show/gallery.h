/* gallery - one page of all pictures: out/index.html, with each one's title and the command that made it. It is made
 * from the figures' scripts (`# title:` and `# command:` in their first lines), so that nobody keeps a list: what is
 * in out/ is on the page. */
#ifndef SHOW_GALLERY_H
#define SHOW_GALLERY_H

/* Writes root/index.html from root/NAME/FIGURE.gp for every figure that has a picture beside its script, sorted by
 * name. Works from a file, without a script or a network, dark and light. Names other than letters, digits, '.', '_',
 * '-' are passed over. Returns how many figures there are. EXIT_ENVIRONMENT when the page cannot be written. */
int gallery_write(const char *root);

/* What a program calls after drawing into `folder`: the page of the folder above it, when that is called "out".
 * Drawing elsewhere leaves no page in somebody's home. */
void gallery_refresh(const char *folder);
#endif
