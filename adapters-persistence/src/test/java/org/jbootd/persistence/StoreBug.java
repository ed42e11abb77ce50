package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.simulation.ForwardingStore;

/**
 * Mistakes that a store could make, and that the simulation must find. Each is made by standing between the store and what it stands
 * on, so that the store itself needs no switch.
 */
enum StoreBug {
    NONE,

    /** What is committed is said to be stored at once. */
    ACK_BEFORE_FORCE {
        @Override
        LeaseStore store(LeaseStore store) {
            return new ForwardingStore(store) {
                @Override
                public CompletionStage<Void> commit(List<LeaseChange> changes) {
                    super.commit(changes);
                    return CompletableFuture.completedStage(null);
                }
            };
        }
    },

    /** What could not be stored is said to be. */
    FAILED_COMMIT_BELIEVED {
        @Override
        LeaseStore store(LeaseStore store) {
            return new ForwardingStore(store) {
                @Override
                public CompletionStage<Void> commit(List<LeaseChange> changes) {
                    return super.commit(changes).exceptionally(failure -> null);
                }
            };
        }
    },

    SERVER_TIME_FORGOTTEN {
        @Override
        LeaseStore store(LeaseStore store) {
            return new ForwardingStore(store) {
                @Override
                public Instant latest() {
                    return Instant.EPOCH;
                }
            };
        }
    },

    FORCE_LEFT_OUT {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                void force(JournalFiles.Output file) {}
            };
        }
    },

    FAILED_FORCE_BELIEVED {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                void force(JournalFiles.Output file) {
                    believing(() -> super.force(file));
                }
            };
        }
    },

    FAILED_WRITE_BELIEVED {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                void write(JournalFiles.Output file, long position, ByteBuffer octets) {
                    believing(() -> super.write(file, position, octets));
                }
            };
        }
    },

    /** Each write is made when the next one comes. */
    WRITTEN_ONE_BEHIND {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                private Step held = () -> {};

                @Override
                void write(JournalFiles.Output file, long position, ByteBuffer octets) throws IOException {
                    Step before = held;
                    ByteBuffer copy =
                            ByteBuffer.allocate(octets.remaining()).put(octets).flip();
                    held = () -> super.write(file, position, copy);
                    before.run();
                }
            };
        }
    },

    RENAMED_WITHOUT_DIRECTORY_SYNC {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                public void syncDirectory() {}
            };
        }
    },

    /** An entry that was cut off counts as whole. */
    TORN_ENTRY_ACCEPTED {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                public ByteBuffer read(String name, int length) throws IOException {
                    ByteBuffer file = super.read(name, length);
                    return JournalNames.segmentNumber(name).isPresent() ? withChecksumsMended(file) : file;
                }
            };
        }
    },

    /** The room that is given back at the end is a little more than what was not needed. */
    TRIMMED_TOO_SHORT {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                void truncate(JournalFiles.Output file, long length) throws IOException {
                    super.truncate(file, length - 1);
                }
            };
        }
    },

    LAST_SEGMENT_IGNORED {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                public List<String> names() throws IOException {
                    List<String> names = super.names();
                    String last = names.stream()
                            .filter(name -> JournalNames.segmentNumber(name).isPresent())
                            .reduce("", (one, next) -> next);
                    return names.stream().filter(name -> !name.equals(last)).toList();
                }
            };
        }
    },

    UNFINISHED_FILE_TAKEN_FOR_WHOLE {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                public Output create(String name) throws IOException {
                    return super.create(finished(name));
                }

                @Override
                public void rename(String from, String to) throws IOException {
                    if (!finished(from).equals(to)) {
                        super.rename(from, to);
                    }
                }

                private String finished(String name) {
                    return name.replace(JournalNames.unfinished(""), "");
                }
            };
        }
    },

    /** What cannot be listed is taken for what is not there. */
    FAILED_LISTING_TAKEN_FOR_EMPTY {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                public List<String> names() {
                    try {
                        return super.names();
                    } catch (IOException failure) {
                        return List.of();
                    }
                }
            };
        }
    },

    /** One lease is left out of it, and that it does not read back as it was written is not noticed. */
    SNAPSHOT_WITHOUT_ITS_TAIL {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                public void rename(String from, String to) throws IOException {
                    if (JournalNames.snapshotSeq(to).isPresent()) {
                        Snapshot whole = Snapshot.read(this, from);
                        List<Lease> some = whole.leases()
                                .subList(0, Math.max(0, whole.leases().size() - 1));
                        new Snapshot(whole.seq(), whole.latest(), some).write(whole());
                    } else {
                        super.rename(from, to);
                    }
                }
            };
        }
    },

    /** With each segment the next one goes, which is needed. */
    ONE_SEGMENT_TOO_MANY_DELETED {
        @Override
        JournalFiles files(JournalFiles files) {
            return new SabotagedFiles(files) {
                @Override
                public void delete(String name) throws IOException {
                    super.delete(name);
                    if (JournalNames.segmentNumber(name).isPresent()) {
                        super.delete(JournalNames.segment(
                                JournalNames.segmentNumber(name).getAsLong() + 1));
                    }
                }
            };
        }
    },

    /** A segment is deleted before the database will certainly still have what it says. */
    SETTLED_TOO_EARLY {
        @Override
        Workers workers(Workers workers) {
            return new Workers() {
                private static final long HURRY = 1_000;

                @Override
                public Worker worker(String name, Turn turn) {
                    return workers.worker(name, turn);
                }

                @Override
                public long nanoTime() {
                    return workers.nanoTime() * HURRY;
                }
            };
        }
    },

    DATABASE_NEVER_SYNCED {
        @Override
        HistoryDatabase database(HistoryDatabase database) {
            return new SabotagedDatabase(database) {
                @Override
                public void checkpoint() {}

                @Override
                public void close() {
                    super.checkpoint();
                    super.close();
                }
            };
        }
    },

    /** The database counts changes that it was not given. */
    APPLIED_TWICE {
        @Override
        HistoryDatabase database(HistoryDatabase database) {
            return new SabotagedDatabase(database) {
                @Override
                public void apply(List<JournalEntry> entries) {
                    super.apply(entries);
                    super.apply(List.of(again(entries.get(entries.size() - 1))));
                }

                private JournalEntry again(JournalEntry last) {
                    return new JournalEntry(last.lastSeq() + 1, last.recordedAt(), last.serverTime(), last.changes());
                }
            };
        }
    },

    /** Two changes that share a transaction come into the history the other way round. */
    ORDER_SWAPPED {
        @Override
        HistoryDatabase database(HistoryDatabase database) {
            return new SabotagedDatabase(database) {
                @Override
                public void apply(List<JournalEntry> entries) {
                    JournalEntry first = entries.get(0);
                    List<LeaseChange> changes = new ArrayList<>();
                    entries.forEach(entry -> changes.addAll(entry.changes()));
                    Collections.reverse(changes);
                    super.apply(List.of(
                            new JournalEntry(first.firstSeq(), first.recordedAt(), first.serverTime(), changes)));
                }
            };
        }
    },

    /** The database fails, and the store goes on as if it had taken what it was given. */
    FAILED_TRANSACTION_BELIEVED {
        @Override
        HistoryDatabase database(HistoryDatabase database) {
            return new SabotagedDatabase(database) {
                @Override
                public void apply(List<JournalEntry> entries) {
                    try {
                        super.apply(entries);
                    } catch (RuntimeException failure) {
                        if (failure instanceof ForgetfulDisk.PowerCut) {
                            throw failure;
                        }
                    }
                }
            };
        }
    };

    // ---- where a bug may stand; each does nothing unless overridden

    JournalFiles files(JournalFiles files) {
        return files;
    }

    HistoryDatabase database(HistoryDatabase database) {
        return database;
    }

    Workers workers(Workers workers) {
        return workers;
    }

    LeaseStore store(LeaseStore store) {
        return store;
    }

    // ---- tools of the saboteur

    private interface Step {
        void run() throws IOException;
    }

    private static void believing(Step step) {
        try {
            step.run();
        } catch (IOException failure) {
            // as if nothing had happened
        }
    }

    /** Puts the right checksum into each frame of a segment that has a wrong one. */
    private static ByteBuffer withChecksumsMended(ByteBuffer file) throws IOException {
        if (file.limit() <= FileHeader.LENGTH) {
            return file;
        }
        long salt = FileHeader.decode(FileHeader.Kind.SEGMENT, file).salt();
        int at = FileHeader.LENGTH;
        while (at + Frame.OVERHEAD <= file.limit()) {
            int length = file.getInt(at + 4);
            if (length <= 0 || length > file.limit() - at - Frame.OVERHEAD) {
                break;
            }
            byte[] payload = new byte[length];
            file.get(at + Frame.OVERHEAD, payload);
            Frame frame = new Frame(file.getLong(at + 12), payload);
            frame.encode(salt, file.duplicate().position(at));
            at += frame.length();
        }
        return file;
    }
}
