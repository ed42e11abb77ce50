package org.jbootd.domain.transfer;

/** What a client can be told is wrong: a code of RFC 1350 (appendix I) and a fixed text. */
public enum TransferError {
    TIMED_OUT(0, "Timed out"),
    READ_FAILED(0, "The file cannot be read"),
    STOPPING(0, "The server is stopping"),
    NOT_FOUND(1, "File not found"),
    NOT_ALLOWED(2, "Access violation"),
    NOT_A_FILE(2, "Not a file"),
    READ_ONLY(2, "This server takes no files"),
    ILLEGAL_OPERATION(4, "Illegal operation"),
    MALFORMED(4, "Malformed request"),
    UNKNOWN_MODE(4, "Unknown mode"),
    UNKNOWN_TRANSFER(5, "Unknown transfer");

    private final int code;
    private final String text;

    TransferError(int code, String text) {
        this.code = code;
        this.text = text;
    }

    public int code() {
        return code;
    }

    /** ASCII, in English. */
    public String text() {
        return text;
    }
}
