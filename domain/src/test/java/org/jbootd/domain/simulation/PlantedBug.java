package org.jbootd.domain.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * Mistakes that the simulation must find: the proof that it looks. Each is made by standing between the server and one of its ports,
 * or by wrong settings, so that the code of the server itself needs no switch.
 */
enum PlantedBug {
    NONE,

    ACK_BEFORE_COMMIT {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public CompletionStage<Void> commit(List<LeaseChange> changes) {
                    super.commit(changes);
                    return CompletableFuture.completedStage(null);
                }
            };
        }
    },

    COMMIT_WITHOUT_SYNC {
        @Override
        boolean syncs() {
            return false;
        }
    },

    FAILED_COMMIT_TREATED_AS_DONE {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public CompletionStage<Void> commit(List<LeaseChange> changes) {
                    return super.commit(changes).exceptionally(failure -> null);
                }
            };
        }
    },

    TORN_WRITE_READ_AS_A_WHOLE {
        @Override
        Optional<List<LeaseChange>> torn(List<LeaseChange> changes) {
            return Optional.of(changes.subList(changes.size() - 1, changes.size()));
        }
    },

    HISTORY_OUTSIDE_TRANSACTION {
        @Override
        boolean historyInTransaction() {
            return false;
        }
    },

    CHANGES_TORN_APART {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public CompletionStage<Void> commit(List<LeaseChange> changes) {
                    CompletionStage<Void> last = CompletableFuture.completedStage(null);
                    for (int i = changes.size() - 1; i >= 0; i--) {
                        last = super.commit(List.of(changes.get(i)));
                    }
                    return last;
                }
            };
        }
    },

    RELEASE_NOT_STORED {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return dropping(store, LeaseChange.Kind::ends);
        }
    },

    RENEWAL_NOT_STORED {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return dropping(store, LeaseChange.Kind.RENEWED::equals);
        }
    },

    EXPIRY_BY_WALL_CLOCK {
        @Override
        InstantSource clock(InstantSource steady, InstantSource wall) {
            return wall;
        }
    },

    SERVER_TIME_WITHOUT_FLOOR {
        @Override
        Instant floor(Instant latest) {
            return Instant.EPOCH;
        }
    },

    EXPIRY_ROUNDED_DOWN {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public CompletionStage<Void> commit(List<LeaseChange> changes) {
                    return super.commit(changes.stream()
                            .map(change -> new LeaseChange(change.kind(), rounded(change.lease())))
                            .toList());
                }

                private Lease rounded(Lease lease) {
                    return lease.until().equals(Instant.MAX)
                            ? lease
                            : changed(lease, lease.client(), lease.until().truncatedTo(ChronoUnit.MINUTES));
                }
            };
        }
    },

    LOADER_SKIPS_A_ROW {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public List<Lease> load() {
                    List<Lease> all = super.load();
                    return all.subList(0, Math.max(0, all.size() - 1));
                }
            };
        }
    },

    LOADER_FORGETS_WHO {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public List<Lease> load() {
                    return super.load().stream()
                            .map(lease -> changed(lease, otherType(lease.client()), lease.until()))
                            .toList();
                }

                private ClientIdentity otherType(ClientIdentity client) {
                    return ClientIdentity.of(
                            new HardwareAddress(6, client.hardware().octets()));
                }
            };
        }
    },

    LOADER_CONFUSES_KEYS {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public List<Lease> load() {
                    return super.load().stream()
                            .map(lease -> changed(lease, otherwise(lease.client()), lease.until()))
                            .toList();
                }
            };
        }
    },

    CLIENT_KNOWN_BY_THE_WRONG_KEY {
        @Override
        ClientMessage message(ClientMessage message, StoredHistory stored, World world) {
            return message instanceof ClientMessage.Select select
                    ? new ClientMessage.Select(
                            changed(
                                    message.request(),
                                    otherwise(message.request().client()),
                                    message.request().hostName()),
                            select.server(),
                            select.address())
                    : message;
        }
    },

    QUARANTINE_LOST_IN_RESTART {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public List<Lease> load() {
                    return super.load().stream()
                            .filter(lease -> lease.state() != Lease.State.DECLINED)
                            .toList();
                }
            };
        }
    },

    RELEASE_FROM_A_STRANGER {
        @Override
        ClientMessage message(ClientMessage message, StoredHistory stored, World world) {
            return message instanceof ClientMessage.Release release
                    ? new ClientMessage.Release(
                            inTheNameOfTheHolder(message.request(), stored.of(release.address())),
                            release.server(),
                            release.address())
                    : message;
        }
    },

    DECLINE_FROM_A_STRANGER {
        @Override
        ClientMessage message(ClientMessage message, StoredHistory stored, World world) {
            return message instanceof ClientMessage.Decline decline
                    ? new ClientMessage.Decline(
                            inTheNameOfTheHolder(message.request(), stored.of(decline.address())),
                            decline.server(),
                            decline.address())
                    : message;
        }
    },

    REQUEST_TO_ANOTHER_SERVER_ANSWERED {
        @Override
        ClientMessage message(ClientMessage message, StoredHistory stored, World world) {
            return message instanceof ClientMessage.Select select
                    ? new ClientMessage.Select(
                            message.request(), new Ipv4(select.server().bits() & ~1), select.address())
                    : message;
        }
    },

    RETRANSMISSION_TAKEN_AS_NEW {
        @Override
        ClientMessage message(ClientMessage message, StoredHistory stored, World world) {
            return message instanceof ClientMessage.Select select
                    ? new ClientMessage.Select(renamed(message.request(), world), select.server(), select.address())
                    : message;
        }
    },

    POOL_END_OFF_BY_ONE {
        @Override
        Subnet subnet(Subnet subnet) {
            AddressPool pool = subnet.pool();
            return with(
                    subnet,
                    new AddressPool(pool.first(), pool.count() + 1),
                    subnet.excluded(),
                    !subnet.reservations().isEmpty());
        }
    },

    OWN_ADDRESS_HANDED_OUT {
        @Override
        Subnet subnet(Subnet subnet) {
            return with(subnet, subnet.pool(), Set.of(), true);
        }
    },

    RESERVED_ADDRESS_HANDED_OUT {
        @Override
        Subnet subnet(Subnet subnet) {
            return with(subnet, subnet.pool(), subnet.excluded(), false);
        }
    },

    RECLAIMED_TOO_EARLY {
        @Override
        LeaseStore store(LeaseStore store, World world) {
            return new ForwardingStore(store) {
                @Override
                public List<Lease> load() {
                    return super.load().stream()
                            .map(lease -> changed(lease, lease.client(), lease.since()))
                            .toList();
                }
            };
        }
    },

    TWO_SERVERS_ON_ONE_POOL {
        @Override
        BootService service(Supplier<BootService> desks, World world) {
            BootService one = desks.get();
            BootService other = desks.get();
            return message ->
                    (message.request().client().hardware().octets().at(5) % 2 == 0 ? one : other).answer(message);
        }
    },

    OFFERS_FORGOTTEN {
        @Override
        BootService service(Supplier<BootService> desks, World world) {
            return message -> desks.get().answer(message);
        }
    },

    HOLDER_REFUSED {
        @Override
        Answer answer(ClientMessage message, Answer answer, World world) {
            return message instanceof ClientMessage.Rebind && answer instanceof Answer.Ack ack
                    ? new Answer.Nak(
                            Reason.WRONG_ADDRESS, "refused", ack.terms().subnet())
                    : answer;
        }
    },

    LONGER_TIME_TOLD_THAN_STORED {
        @Override
        Answer answer(ClientMessage message, Answer answer, World world) {
            if (!(answer instanceof Answer.Ack ack)) {
                return answer;
            }
            Answer.Terms terms = ack.terms();
            Duration longer = terms.leaseTime().plusMinutes(1);
            return new Answer.Ack(
                    new Answer.Terms(terms.address(), longer, terms.subnet(), terms.plan(), terms.hostName()));
        }
    },

    VERDICT_IGNORED {
        @Override
        AccessControl access(AccessControl access) {
            return request -> access.decide(request).handle((verdict, failure) -> Verdict.GRANTED);
        }
    },

    NO_ANSWER_TAKEN_AS_YES {
        @Override
        AccessControl access(AccessControl access) {
            return request -> access.decide(request).exceptionally(failure -> Verdict.GRANTED);
        }
    };

    // ---- where a bug may stand; each does nothing unless overridden

    LeaseStore store(LeaseStore store, World world) {
        return store;
    }

    AccessControl access(AccessControl access) {
        return access;
    }

    InstantSource clock(InstantSource steady, InstantSource wall) {
        return steady;
    }

    Instant floor(Instant latest) {
        return latest;
    }

    Subnet subnet(Subnet subnet) {
        return subnet;
    }

    List<Subnet> subnets(List<Subnet> subnets) {
        return subnets.stream().map(this::subnet).toList();
    }

    ClientMessage message(ClientMessage message, StoredHistory stored, World world) {
        return message;
    }

    Answer answer(ClientMessage message, Answer answer, World world) {
        return answer;
    }

    BootService service(Supplier<BootService> desks, World world) {
        return desks.get();
    }

    boolean syncs() {
        return true;
    }

    boolean historyInTransaction() {
        return true;
    }

    /** What is read of a commit of which only a part is on disk. */
    Optional<List<LeaseChange>> torn(List<LeaseChange> changes) {
        return Optional.empty();
    }

    // ---- tools of the saboteur

    private static LeaseStore dropping(LeaseStore store, Predicate<LeaseChange.Kind> lost) {
        return new ForwardingStore(store) {
            @Override
            public CompletionStage<Void> commit(List<LeaseChange> changes) {
                List<LeaseChange> kept = new ArrayList<>(changes);
                kept.removeIf(change -> lost.test(change.kind()));
                return kept.isEmpty() ? CompletableFuture.completedStage(null) : super.commit(kept);
            }
        };
    }

    /** The same client, known by what it should not be. */
    private static ClientIdentity otherwise(ClientIdentity client) {
        return client.by(
                client.key() instanceof ClientKey.Identifier ? Identification.HARDWARE : Identification.CLIENT_ID);
    }

    private static Lease changed(Lease lease, ClientIdentity client, Instant until) {
        return new Lease(
                lease.address(),
                lease.subnet(),
                client,
                lease.hostName(),
                lease.networkBooted(),
                lease.state(),
                lease.since(),
                until);
    }

    private static Subnet with(Subnet subnet, AddressPool pool, Set<Ipv4> excluded, boolean reservations) {
        return subnet.but()
                .pool(pool)
                .excluded(excluded)
                .reservations(reservations ? subnet.reservations() : List.of())
                .build();
    }

    private static Request inTheNameOfTheHolder(Request request, Lease lease) {
        return lease == null ? request : changed(request, lease.client(), request.hostName());
    }

    /** Looks like another request than the copies of it. */
    private static Request renamed(Request request, World world) {
        return changed(request, request.client(), Optional.of("machine" + world.chance.anyInt()));
    }

    private static Request changed(Request request, ClientIdentity client, Optional<String> hostName) {
        return new Request(
                request.xid(),
                client,
                request.stage(),
                request.subnet(),
                request.relay(),
                request.architectures(),
                hostName,
                request.relayInformation());
    }
}
