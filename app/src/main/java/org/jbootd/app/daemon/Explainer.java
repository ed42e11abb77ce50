package org.jbootd.app.daemon;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.jbootd.app.settings.AccessSettings;
import org.jbootd.app.settings.LeaseSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.domain.access.AccessChain;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootFiles;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
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
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.StoredLeases;
import org.jbootd.persistence.postgres.PostgresLeaseStore;
import org.jbootd.udp.dhcp.Arrival;
import org.jbootd.udp.dhcp.Classification;
import org.jbootd.udp.dhcp.Classifier;
import org.jbootd.udp.dhcp.DhcpSettings;
import org.jbootd.udp.dhcp.ServedInterface;

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

    /** Whether the message came as far as access control. */
    private boolean questioned;

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> compared = new CompletableFuture<>();

    private Explainer(Settings all, Question question) {
        this.settings = all.dhcp().orElseThrow();
        this.surroundings = DhcpModule.settings(settings.bootp(), all.tftp());
        this.question = question;
    }

    /**
     * @param settings of both services, or of DHCP alone
     * @throws IllegalArgumentException when the message comes in by an interface that is not served
     * @throws org.jbootd.persistence.StoreRefused when the stored leases cannot be read
     */
    public static Explanation explain(Settings settings, Question question) throws InterruptedException {
        Explainer explainer = new Explainer(settings, question);
        try (Policy policy = new Policy(settings, explainer::watched, explainer::compare)) {
            policy.start();
            explainer.explain(policy);
        }
        return explainer.explanation;
    }

    private void explain(Policy policy) throws InterruptedException {
        Arrival arrival = new Arrival(arrivesBy(), question.relay().orElse(Ipv4.UNSPECIFIED), Ipv4.BROADCAST);
        if (surroundings.interfaces().size() > 1 && question.relay().isEmpty()) {
            explanation.add(
                    "interface",
                    arrival.via().device(),
                    question.device().isPresent() ? "" : "the first one; --interface NAME tells of another");
        }
        Classification classification = new Classifier(surroundings).classify(question.packet(), arrival);
        if (classification instanceof Classification.Refused refused) {
            explanation.add("answer", "none: " + refused.reason(), refused.detail());
            return;
        }
        Classification.Understood understood = (Classification.Understood) classification;
        Request request = understood.message().request();
        explanation.add("machine", question.hardware().toString(), description(request));
        if (settings.leases().isPresent()) {
            explain(policy, understood, settings.leases().get());
        } else {
            explainProxy(policy, understood);
        }
    }

    private ServedInterface arrivesBy() {
        List<ServedInterface> served = surroundings.interfaces();
        return question.device()
                .map(name -> served.stream()
                        .filter(one -> one.device().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(name + " is not served")))
                .orElse(served.get(0));
    }

    private void explain(Policy policy, Classification.Understood understood, LeaseSettings leases)
            throws InterruptedException {
        Request request = understood.message().request();
        StoredLeases stored = leases.database()
                .map(PostgresLeaseStore::read)
                .orElseGet(() -> StoredLeases.read(leases.directory().orElseThrow()));
        SteadyClock clock = new SteadyClock(InstantSource.system(), stored.latest(), System::nanoTime);
        Rekeying rekeying = Rekeying.of(stored.leases(), settings.bootp().identification(), clock.instant());
        LeaseBook book = new LeaseBook(policy.subnets(), rekeying.leases());
        Optional<Lease> memory = book.memoryOf(request);
        memory.ifPresent(lease -> explanation.add("remembered", lease.address().toString(), description(lease)));
        explainOpenAccess();
        Answer answer = answer(policy, book, clock, understood);
        whatTheShadowSays();
        if (answer instanceof Answer.Silence silence) {
            explanation.add("answer", "none: " + silence.reason(), silence.detail());
        } else if (answer instanceof Answer.Offer offer) {
            explanation.add(
                    "answer", "OFFER", "for " + offer.terms().leaseTime().toSeconds() + " s");
            address(request, offer.terms(), memory);
            files(policy, request, offer.terms().plan());
        } else {
            throw new AssertionError(answer);
        }
    }

    /** What is said beside the server that gives the address. */
    private void explainProxy(Policy policy, Classification.Understood understood) throws InterruptedException {
        BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
        explainOpenAccess();
        Answer answer = await(policy.proxyDesk(loop::add).answer(understood.message()), loop);
        whatTheShadowSays();
        if (answer instanceof Answer.Silence silence) {
            explanation.add("answer", "none: " + silence.reason(), silence.detail());
        } else if (answer instanceof Answer.ProxyOffer offer) {
            explanation.add("answer", "OFFER without an address", "another server gives the address");
            offer.boot()
                    .menu()
                    .ifPresent(menu -> menu.items()
                            .forEach(item -> explanation.add(
                                    "menu",
                                    item.type() + " " + item.text(),
                                    item.file().orElse(item.isLocalDisk() ? "local disk" : "the boot file"))));
            files(policy, understood.message().request(), offer.boot().plan());
        } else {
            throw new AssertionError(answer);
        }
    }

    /** And who was not asked. */
    private void whatTheShadowSays() {
        if (questioned && !settings.bootp().access().shadow().isEmpty()) {
            compared.join();
        }
        notAsked();
    }

    private void explainOpenAccess() {
        if (settings.bootp().access().backends().isEmpty()) {
            explanation.add("access", "granted", "no [bootp] access, so everybody is served");
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
            case EXPIRED -> "leased to it until " + until(lease) + ", and not renewed";
            case RELEASED -> "given back by it on " + lease.since().truncatedTo(ChronoUnit.SECONDS);
            case DECLINED -> "found in use by it, or left for another address; rests until " + until(lease);
        };
        return state
                + (lease.reserved() ? ", kept for it by an operator" : "")
                + lease.client().uuid().map(uuid -> ", UUID " + uuid).orElse("")
                + (lease.networkBooted() ? ", booted over the network" : "");
    }

    private static String until(Lease lease) {
        return lease.until().equals(Instant.MAX) ? "for ever" : lease.until().toString();
    }

    /** A backend that writes down what it said. */
    private AccessChain.Link watched(AccessChain.Link link) {
        return new AccessChain.Link(link.name(), request -> {
            asked.add(link.name());
            return link.control()
                    .decide(request)
                    .whenComplete((verdict, failure) -> writeDown(link.name(), verdict, failure));
        });
    }

    private void writeDown(String name, Verdict verdict, Throwable failure) {
        if (verdict instanceof Verdict.Granted granted) {
            assigned = granted.bootFile().flatMap(RequestedPath::parse);
            explanation.add("access", "granted", "by " + name + inWords(granted));
        } else if (verdict instanceof Verdict.Denied denied) {
            explanation.add("access", "denied", "by " + name + ": " + denied.why());
        } else if (verdict instanceof Verdict.Unlisted unlisted) {
            explanation.add("access", "left to the next", unlisted.why());
        } else {
            explanation.add("access", "no verdict", "of " + name + ": " + reason(failure));
        }
    }

    private static String reason(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause().getMessage()
                : failure.getMessage();
    }

    private static String inWords(Verdict.Granted granted) {
        return granted.hostName().map(name -> ", which calls it " + name).orElse("")
                + granted.bootFile()
                        .map(file -> ", which gives it the file " + file)
                        .orElse("");
    }

    /** The shadow's verdict is waited for before anything else is written down. */
    private void compare(Request request, String obeyed, String shadow) {
        String why = obeyed.equals(shadow) ? "as access control has it" : "and access control has it " + obeyed;
        explanation.add("shadow", shadow, why);
        compared.complete(null);
    }

    /** Those behind the one that decided; or all of them, where the machine is not served anyway. */
    private void notAsked() {
        String names = settings.bootp().access().backends().stream()
                .map(AccessSettings.Backend::name)
                .filter(name -> !asked.contains(name))
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            explanation.add("access", "not asked", names);
        }
    }

    private Answer answer(Policy policy, LeaseBook book, SteadyClock clock, Classification.Understood understood)
            throws InterruptedException {
        BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
        Desk desk = new Desk(
                book,
                request -> {
                    questioned = true;
                    return policy.access().decide(request);
                },
                policy.planner(),
                new NothingIsStored(),
                clock,
                loop::add,
                policy.decisions());
        return await(desk.answer(understood.message()), loop);
    }

    private static Answer await(CompletionStage<Answer> stage, BlockingQueue<Runnable> loop)
            throws InterruptedException {
        CompletableFuture<Answer> answer = stage.toCompletableFuture();
        while (!answer.isDone()) {
            loop.take().run();
        }
        return answer.join();
    }

    private void address(Request request, Answer.Terms terms, Optional<Lease> memory) {
        ClientIdentity client =
                memory.map(lease -> request.client().or(lease.client())).orElse(request.client());
        Ipv4 address = terms.address();
        Optional<Ipv4> reserved = terms.subnet().reservations().stream()
                .filter(reservation -> reservation.isOf(client))
                .map(Reservation::address)
                .findFirst();
        String otherwise = reserved.filter(own -> !own.equals(address))
                .map(own -> "; its own, " + own + ", is in use")
                .orElse("");
        String why;
        if (reserved.filter(address::equals).isPresent()) {
            why = "its own, by " + reservedBy(client);
        } else if (memory.filter(lease -> lease.address().equals(address)).isPresent()) {
            why = "the one it has or last had" + otherwise;
        } else {
            why = "the next of the pool" + otherwise;
        }
        explanation.add("address", address.toString(), why);
    }

    private String reservedBy(ClientIdentity client) {
        return settings.bootp()
                .hosts()
                .find(client)
                .map(host -> "[host " + host.name() + "]")
                .orElse("[static_dhcp]");
    }

    private void files(Policy policy, Request request, BootPlan plan) {
        plan.bootFile()
                .ifPresentOrElse(
                        file -> explanation.add(
                                "boot file",
                                file,
                                policy.planner()
                                        .choose(request)
                                        .map(BootFiles.Choice::reason)
                                        .orElse("")),
                        () -> explanation.add("boot file", "none", whyNone(request)));
        Optional<String> name = question.file().or(plan::bootFile);
        if (question.file().isEmpty() && name.filter(BootFiles::isUrl).isPresent()) {
            explanation.add("file", "not looked for", "the machine fetches the URL by itself");
        } else if (policy.files().isPresent() && name.isPresent()) {
            file(policy.files().get(), name.get());
        }
    }

    private static String whyNone(Request request) {
        return request.stage() == BootStage.HTTP_FIRMWARE
                ? "it boots by HTTP, and no key of [bootfile] has a URL for its architecture"
                : "no key of [bootfile] is for this machine";
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
