// A picture that can not be loaded leaves its place, so that the page looks as it does without one.

const leave = (image) => (image.closest(".banner") ?? image).remove();

addEventListener("error", (event) => { if (event.target instanceof HTMLImageElement) leave(event.target); }, true);
for (const image of [...document.images]) if (image.complete && !image.naturalWidth && image.currentSrc) leave(image);
