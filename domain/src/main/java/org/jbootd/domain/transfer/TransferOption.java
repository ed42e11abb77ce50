package org.jbootd.domain.transfer;

/** An option as it stands in a request or an acknowledgement (RFC 2347 §2). Names compare without regard to case. */
public record TransferOption(String name, String value) {}
