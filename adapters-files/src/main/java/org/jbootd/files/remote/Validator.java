package org.jbootd.files.remote;

import okhttp3.Request;
import okhttp3.Response;

/**
 * How a server tells versions of a file apart (RFC 9110 §8.8).
 *
 * @param etag empty for none
 * @param lastModified empty for none
 */
record Validator(String etag, String lastModified) {

    static Validator of(Response response) {
        return new Validator(response.header("ETag", ""), response.header("Last-Modified", ""));
    }

    /** Asks for the file only if it is another version. */
    void askForAnother(Request.Builder request) {
        if (!etag.isEmpty()) {
            request.header("If-None-Match", etag);
        } else if (!lastModified.isEmpty()) {
            request.header("If-Modified-Since", lastModified);
        }
    }

    /**
     * Whether the rest of a file can be asked for: only of a version that is the same octet for octet. A time of a second
     * is no proof of that.
     */
    boolean isStrong() {
        return etag.startsWith("\"");
    }

    /** Asks for the octets from {@code position} on, if it is still this version (RFC 9110 §13.1.5). */
    void askForRest(Request.Builder request, long position) {
        request.header("If-Range", etag).header("Range", "bytes=" + position + "-");
    }
}
