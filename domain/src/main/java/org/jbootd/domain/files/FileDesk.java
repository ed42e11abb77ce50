package org.jbootd.domain.files;

import static org.jbootd.domain.files.FileUnavailable.Why.NOT_ALLOWED;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where a requested name is exchanged for an open file: made safe, translated by the filters, opened. May read disks;
 * threads may share it.
 */
public final class FileDesk {

    private final FilenameTranslator translator;
    private final FileSource source;

    public FileDesk(FilenameTranslator translator, FileSource source) {
        this.translator = translator;
        this.source = source;
    }

    /**
     * Waits for the file, from wherever it comes.
     *
     * @param requestedName as the client sent it
     * @throws FileUnavailable when there is no such file, or it may not be served
     */
    public OpenFile open(String requestedName) throws FileUnavailable {
        return open(requestedName, Optional.empty());
    }

    /**
     * Waits for the file, from wherever it comes.
     *
     * @param requestedName as the client sent it
     * @param assigned the name that {@code {filename}} stands for with this client, instead of the one it sent
     * @throws FileUnavailable when there is no such file, or it may not be served
     */
    public OpenFile open(String requestedName, Optional<RequestedPath> assigned) throws FileUnavailable {
        return FileSource.await(request(requestedName, assigned));
    }

    /**
     * The same without waiting for a network.
     *
     * @return fails with {@link FileUnavailable}; may complete on any thread
     */
    public CompletionStage<OpenFile> request(String requestedName, Optional<RequestedPath> assigned) {
        try {
            return request(translate(requestedName, assigned));
        } catch (FileUnavailable e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private Translation translate(String requestedName, Optional<RequestedPath> assigned) throws FileUnavailable {
        RequestedPath requested = RequestedPath.parse(requestedName)
                .orElseThrow(() -> neverServed("the client asked for", requestedName));
        return translator
                .translate(requested, assigned.orElse(requested))
                .orElseThrow(() -> neverServed("a filter makes a path never served of", requestedName));
    }

    private CompletionStage<OpenFile> request(Translation translation) {
        if (translation instanceof Translation.Serve serve) {
            return source.request(serve.target());
        }
        if (translation instanceof Translation.NameStandsIn pointer) {
            return source.request(pointer.target())
                    .thenCompose(NameInFile::read)
                    .thenCompose(name -> named(name, pointer.target()));
        }
        throw new AssertionError(translation);
    }

    /** The filter that decides about a name; empty when there is none, or the name is never served. */
    public Optional<Filter> filterFor(String requestedName) {
        return RequestedPath.parse(requestedName).flatMap(translator::filterFor);
    }

    /**
     * A file under the root is trusted to name files under the root and no others: whoever may write there could
     * publish the whole machine otherwise. A file elsewhere was named by the operator, and may say more.
     */
    private CompletionStage<OpenFile> named(String name, FileTarget pointer) {
        Optional<RequestedPath> path = RequestedPath.parse(name);
        if (path.isEmpty()) {
            return CompletableFuture.failedStage(neverServed("the file of a filter names", name));
        }
        return source.request(
                name.startsWith("/") && !(pointer instanceof FileTarget.UnderRoot)
                        ? new FileTarget.Absolute("/" + path.get())
                        : new FileTarget.UnderRoot(path.get()));
    }

    private static FileUnavailable neverServed(String what, String name) {
        return new FileUnavailable(NOT_ALLOWED, what + " '" + Printable.of(name) + "', which is never served");
    }
}
