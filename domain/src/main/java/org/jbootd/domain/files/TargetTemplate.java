package org.jbootd.domain.files;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The right side of a filter: a path, absolute or relative to the root, in which {@code {filename}} stands for a name that
 * is given; in brackets, the name of a file that holds the name.
 */
final class TargetTemplate {

    private static final String FILENAME = "{filename}";
    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]+)}");
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");

    private static final RequestedPath ANY_NAME = new RequestedPath(List.of("name"));

    private final String path;
    private final boolean bracketed;

    private TargetTemplate(String path, boolean bracketed) {
        this.path = path;
        this.bracketed = bracketed;
    }

    /** @throws IllegalArgumentException when no requested name could ever make a file of it; says why */
    static TargetTemplate parse(String text) {
        boolean bracketed = text.length() > 1 && text.startsWith("[") && text.endsWith("]");
        String inner = bracketed ? text.substring(1, text.length() - 1).strip() : text;
        refuseUnknownVariables(inner);
        refuseHalfAVariable(inner);
        refuseForeignPaths(inner);
        TargetTemplate template = new TargetTemplate(inner.replace('\\', '/'), bracketed);
        if (template.fileFor(ANY_NAME).isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' names no file under the root, nor below a directory"
                    + " elsewhere; a file outside the root has an absolute path, without '..'");
        }
        return template;
    }

    private static void refuseUnknownVariables(String path) {
        Matcher variables = VARIABLE.matcher(path);
        while (variables.find()) {
            if (!variables.group().equals(FILENAME)) {
                throw new IllegalArgumentException(
                        "unknown variable " + variables.group() + "; the only one is " + FILENAME);
            }
        }
    }

    /** It would be taken for the name of a file. */
    private static void refuseHalfAVariable(String path) {
        if (path.replace(FILENAME, "").matches("(?i).*(\\{filename|filename}).*")) {
            throw new IllegalArgumentException("'" + path + "' lacks a brace: write " + FILENAME);
        }
    }

    private static void refuseForeignPaths(String path) {
        if (URL.matcher(path).matches()) {
            throw new IllegalArgumentException("'" + path + "' is a URL; a target is a file");
        }
        if (path.startsWith("^/")) {
            throw new IllegalArgumentException(
                    "'^/' meant the directory of pybootd's launcher; write an absolute path instead");
        }
    }

    /** Empty when the file's name would become too long, or otherwise one that is never served. */
    Optional<Translation> translate(RequestedPath requested) {
        Optional<FileTarget> file = fileFor(requested);
        return bracketed ? file.map(Translation.NameStandsIn::new) : file.map(Translation.Serve::new);
    }

    private Optional<FileTarget> fileFor(RequestedPath requested) {
        if (!path.startsWith("/")) {
            return below(path, requested).map(FileTarget.UnderRoot::new);
        }
        int variable = path.indexOf(FILENAME);
        if (variable < 0) {
            return below(path, requested).map(file -> new FileTarget.Absolute("/" + file));
        }
        int nameStart = path.lastIndexOf('/', variable) + 1;
        return RequestedPath.parse(path.substring(0, nameStart))
                .flatMap(directory -> below(path.substring(nameStart), requested)
                        .map(file -> new FileTarget.UnderDirectory("/" + directory, file)));
    }

    @Override
    public String toString() {
        return bracketed ? "[" + path + "]" : path;
    }

    private static Optional<RequestedPath> below(String template, RequestedPath requested) {
        return RequestedPath.parse(template.replace(FILENAME, requested.toString()));
    }
}
