// Judges all paths at once: what is moved by transitions can be read back as a history.

export default (paths) =>
    Object.entries(paths)
        .filter(([path, item]) => path.endsWith("/transitions") && item.post && !item.get)
        .map(([path]) => ({ message: `${path}: the history can be read with GET`, path: ["paths", path] }));
