package org.jbootd.persistence;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.lease.LeaseChange;

/** A commit on its way to the disk. */
record Pending(List<LeaseChange> changes, Instant serverTime, CompletableFuture<Void> stored) {}
