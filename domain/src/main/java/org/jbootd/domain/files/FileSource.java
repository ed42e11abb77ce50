package org.jbootd.domain.files;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Port: where boot files come from. Never called on a thread that serves others, since disks may be slow. */
public interface FileSource {

    /**
     * Opens one version of a file. Waits for whatever it needs, a network included.
     *
     * @throws FileUnavailable when there is none, or it may not be served
     */
    OpenFile open(FileTarget target) throws FileUnavailable;

    /**
     * The same without waiting for a network, so that those who ask for files of a slow server hold up nobody else.
     *
     * @return fails with {@link FileUnavailable}; may complete on any thread
     */
    default CompletionStage<OpenFile> request(FileTarget target) {
        try {
            return CompletableFuture.completedStage(open(target));
        } catch (FileUnavailable e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Waits for what {@link #request} promised. */
    static OpenFile await(CompletionStage<OpenFile> requested) throws FileUnavailable {
        try {
            return requested.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof FileUnavailable unavailable) {
                throw unavailable;
            }
            throw e;
        }
    }
}
