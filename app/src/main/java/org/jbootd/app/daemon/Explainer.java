package org.jbootd.app.daemon;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.jbootd.app.settings.Settings;
import org.jbootd.domain.access.AccessChain;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootFiles;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.Filter;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.domain.files.RequestedPath;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.Rekeying;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.StoredLeases;
import org.jbootd.udp.dhcp.Arrival;
import org.jbootd.udp.dhcp.Classification;
import org.jbootd.udp.dhcp.Classifier;
import org.jbootd.udp.dhcp.DhcpSettings;

/**
 * Takes a DISCOVER through everything that the daemon would take it through, on the leases that are stored now, and stores and
 * sends nothing. Offers and network boots that a running daemon has in memory are not known here. For one thread, once.
 */
public final class Explainer {

    private final Settings.Dhcp settings;
    private final DhcpSettings surroundings;
    private final Question question;
    private final Explanation explanation = new Explanation();

    /** Written while the desk waits for a verdict, and read behind that. */
    private volatile Optional<RequestedPath> assigned = Optional.empty();

    private Explainer(Settings all, Question question) {
        this.settings = all.dhcp().orElseThrow();
        this.surroundings = DhcpModule.settings(settings.bootp(), all.tftp());
        this.question = question;
    }

    /**
     * @param settings of both services, or of DHCP alone
     * @throws org.jbootd.persistence.StoreRefused when the stored leases cannot be read
     */
    public static Explanation explain(Settings settings, Question question) throws InterruptedException {
        Explainer explainer = new Explainer(settings, question);
        try (Policy policy = new Policy(settings, explainer::watched)) {
            policy.start();
            explainer.explain(policy);
        }
        return explainer.explanation;
    }

    private void explain(Policy policy) throws InterruptedException {
        Arrival arrival = new Arrival(
                surroundings.interfaces().get(0), question.relay().orElse(Ipv4.UNSPECIFIED), Ipv4.BROADCAST);
        Classification classification = new Classifier(surroundings).classify(question.packet(), arrival);
        if (classification instanceof Classification.Refused refused) {
            explanation.add("answer", "none: " + refused.reason(), refused.detail());
            return;
        }
        Classification.Understood understood = (Classification.Understood) classification;
        Request request = understood.message().request();
        explanation.add("machine", question.hardware().toString(), description(request));
        StoredLeases stored = StoredLeases.read(settings.leases().directory());
        Rekeying rekeying = Rekeying.of(stored.leases(), settings.bootp().identification(), stored.latest());
        LeaseBook book = new LeaseBook(policy.subnets(), rekeying.leases());
        Optional<Lease> memory = book.memoryOf(request);
        memory.ifPresent(lease -> explanation.add("remembered", lease.address().toString(), description(lease)));
        if (settings.bootp().access().backends().isEmpty()) {
            explanation.add("access", "granted", "no [bootp] access, so everybody is served");
        }
        Answer answer = answer(policy, book, stored.latest(), understood);
        if (answer instanceof Answer.Silence silence) {
            explanation.add("answer", "none: " + silence.reason(), silence.detail());
        } else if (answer instanceof Answer.Offer offer) {
            explanation.add(
                    "answer", "OFFER", "for " + offer.terms().leaseTime().toSeconds() + " s");
            address(offer.terms(), memory);
            files(policy, request, offer.terms());
        } else {
            throw new AssertionError(answer);
        }
    }

    private static String description(Request request) {
        String kind = request.stage().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        String architectures = request.architectures().stream()
                .map(architecture -> ", architecture " + architecture.code())
                .collect(Collectors.joining());
        return kind
                + architectures
                + request.client().uuid().map(uuid -> ", UUID " + uuid).orElse("")
                + request.client()
                        .clientIdentifier()
                        .map(id -> ", client identifier " + id)
                        .orElse("")
                + (request.relay().isUnspecified() ? "" : ", behind relay " + request.relay());
    }

    private static String description(Lease lease) {
        String state = switch (lease.state()) {
            case BOUND -> "leased to it until " + until(lease);
            case RELEASED -> "given back by it on " + lease.since().truncatedTo(ChronoUnit.SECONDS);
            case DECLINED -> "found in use by it; rests until " + until(lease);
        };
        return state
                + lease.client().uuid().map(uuid -> ", UUID " + uuid).orElse("")
                + (lease.networkBooted() ? ", booted over the network" : "");
    }

    private static String until(Lease lease) {
        return lease.until().equals(Instant.MAX) ? "for ever" : lease.until().toString();
    }

    /** A backend that writes down what it said. */
    private AccessChain.Link watched(AccessChain.Link link) {
        return new AccessChain.Link(
                link.name(),
                request -> link.control().decide(request).whenComplete((verdict, failure) -> {
                    if (verdict instanceof Verdict.Granted granted) {
                        assigned = granted.bootFile().flatMap(RequestedPath::parse);
                        explanation.add("access", "granted", "by " + link.name() + inWords(granted));
                    } else if (verdict instanceof Verdict.Denied denied) {
                        explanation.add("access", "denied", "by " + link.name() + ": " + denied.why());
                    } else if (verdict instanceof Verdict.Unlisted unlisted) {
                        explanation.add("access", "left to the next", unlisted.why());
                    } else {
                        explanation.add("access", "no verdict", "of " + link.name() + ": " + failure);
                    }
                }));
    }

    private static String inWords(Verdict.Granted granted) {
        return granted.hostName().map(name -> ", which calls it " + name).orElse("")
                + granted.bootFile()
                        .map(file -> ", which gives it the file " + file)
                        .orElse("");
    }

    private Answer answer(Policy policy, LeaseBook book, Instant latest, Classification.Understood understood)
            throws InterruptedException {
        BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
        Desk desk = new Desk(
                book,
                policy.access(),
                policy.planner(),
                new NothingIsStored(),
                new SteadyClock(InstantSource.system(), latest, System::nanoTime),
                loop::add,
                policy.decisions());
        CompletableFuture<Answer> answer = desk.answer(understood.message()).toCompletableFuture();
        while (!answer.isDone()) {
            loop.take().run();
        }
        return answer.join();
    }

    private void address(Answer.Terms terms, Optional<Lease> memory) {
        Ipv4 address = terms.address();
        Optional<Ipv4> reserved = terms.subnet().reservations().stream()
                .filter(reservation -> reservation.hardware().equals(question.hardware()))
                .map(org.jbootd.domain.lease.Reservation::address)
                .findFirst();
        String otherwise = reserved.filter(own -> !own.equals(address))
                .map(own -> "; its own, " + own + ", is in use")
                .orElse("");
        String why;
        if (reserved.filter(address::equals).isPresent()) {
            why = "its own, by [static_dhcp]";
        } else if (memory.filter(lease -> lease.address().equals(address)).isPresent()) {
            why = "the one it has or last had" + otherwise;
        } else {
            why = "the next of the pool" + otherwise;
        }
        explanation.add("address", address.toString(), why);
    }

    private void files(Policy policy, Request request, Answer.Terms terms) {
        terms.plan()
                .bootFile()
                .ifPresentOrElse(
                        file -> explanation.add(
                                "boot file",
                                file,
                                policy.planner()
                                        .choose(request)
                                        .map(BootFiles.Choice::reason)
                                        .orElse("")),
                        () -> explanation.add("boot file", "none", "no key of [bootfile] is for this machine"));
        Optional<String> name = question.file().or(() -> terms.plan().bootFile());
        if (policy.files().isPresent() && name.isPresent()) {
            file(policy.files().get(), name.get());
        }
    }

    private void file(FileDesk desk, String name) {
        explanation.add(
                "filter",
                desk.filterFor(name).map(Filter::toString).orElse("none"),
                assigned.map(file -> "{filename} is " + file).orElse(""));
        try (OpenFile file = desk.open(name, assigned)) {
            explanation.add("file", file.origin(), file.size() + " octets");
        } catch (FileUnavailable unavailable) {
            explanation.add("file", "none: " + unavailable.why(), unavailable.getMessage());
        }
    }

    /** A DISCOVER is answered from memory. */
    private static final class NothingIsStored implements LeaseStore {

        @Override
        public List<Lease> load() {
            throw new AssertionError("the leases were read before");
        }

        @Override
        public Instant latest() {
            throw new AssertionError("the leases were read before");
        }

        @Override
        public CompletionStage<Void> commit(List<LeaseChange> changes) {
            throw new AssertionError("a DISCOVER stores nothing");
        }
    }
}
