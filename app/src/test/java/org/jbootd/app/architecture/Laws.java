package org.jbootd.app.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The architecture as rules over all classes under one root package. {@code org.jbootd} must keep them;
 * {@code org.jbootd.broken} breaks each of them once, which shows that the rule can fail.
 */
final class Laws {

    private static final List<String> ADAPTERS = List.of("udp", "persistence", "acl", "files");

    /** Which packages may use a library; nobody else does. */
    private static final Map<List<String>, List<String>> LIBRARIES = Map.of(
            List.of("udp"), List.of("io.netty.."),
            List.of("persistence"),
                    List.of("org.jdbi..", "org.h2..", "org.flywaydb..", "org.postgresql..", "java.sql.."),
            List.of("http", "acl", "files.remote"), List.of("okhttp3..", "okio.."),
            List.of("app"), List.of("com.google.inject..", "org.ini4j..", "picocli..", "ch.qos.logback.."));

    private static final Set<String> READS_A_CLOCK = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.util.UUID.randomUUID",
            "java.lang.Math.random");

    private final String root;

    Laws(String root) {
        this.root = root;
    }

    /** Every law by the name under which it is tested. */
    Map<String, ArchRule> all() {
        Map<String, ArchRule> laws = new LinkedHashMap<>();
        laws.put("the domain knows only the JDK", domainKnowsOnlyTheJdk());
        laws.put("the domain has no thread, socket, file or random of its own", domainOwnsNoMachinery());
        laws.put("the domain reads no clock", domainReadsNoClock());
        laws.put("the chapters of the domain form no cycle", domainHasNoCycle());
        for (String adapter : ADAPTERS) {
            laws.put(
                    "adapter " + adapter + " knows no other adapter and not the app",
                    adapterKnowsOnlyTheDomain(adapter));
        }
        laws.put("http knows nobody", httpKnowsNobody());
        LIBRARIES.forEach((owners, packages) -> laws.put(
                "only " + String.join(", ", owners) + " may use " + String.join(", ", packages),
                onlyOwnersUse(owners, packages)));
        laws.put("only udp and the system log use com.sun.jna", onlyTwoCallTheSystem());
        laws.put("nobody sleeps", nobodySleeps());
        laws.put("only the app writes to the console", onlyTheAppPrints());
        return laws;
    }

    private ArchRule domainKnowsOnlyTheJdk() {
        return noClasses()
                .that(resideInAPackage(root + ".domain.."))
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(root + ".domain..", "java.."));
    }

    private ArchRule domainOwnsNoMachinery() {
        return noClasses()
                .that(resideInAPackage(root + ".domain.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.net..",
                                "java.nio.channels..",
                                "java.nio.file..",
                                "java.sql..",
                                "java.lang.reflect..")
                        .or(named(
                                "java.lang.Thread",
                                "java.lang.Runtime",
                                "java.util.Random",
                                "java.util.SplittableRandom",
                                "java.util.concurrent.ThreadLocalRandom",
                                "java.security.SecureRandom",
                                "java.util.Timer",
                                "java.util.concurrent.Executors",
                                "java.util.concurrent.ForkJoinPool",
                                "java.io.File",
                                "java.io.FileInputStream",
                                "java.io.FileOutputStream",
                                "java.io.RandomAccessFile")));
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> named(String... names) {
        Set<String> set = Set.of(names);
        return describe("are threads, files or randoms", type -> set.contains(type.getFullName()));
    }

    private ArchRule domainReadsNoClock() {
        return noClasses()
                .that(resideInAPackage(root + ".domain.."))
                .should()
                .callCodeUnitWhere(describe("it reads a clock", Laws::readsAClock));
    }

    private static boolean readsAClock(JavaCall<?> call) {
        String owner = call.getTargetOwner().getFullName();
        String name = call.getTarget().getName();
        return READS_A_CLOCK.contains(owner + "." + name)
                || owner.startsWith("java.time.") && (name.equals("now") || name.startsWith("system"));
    }

    private ArchRule domainHasNoCycle() {
        return slices().matching(root + ".domain.(*)..").should().beFreeOfCycles();
    }

    private ArchRule adapterKnowsOnlyTheDomain(String adapter) {
        String[] others = java.util.stream.Stream.concat(ADAPTERS.stream(), java.util.stream.Stream.of("app", "bench"))
                .filter(other -> !other.equals(adapter))
                .map(other -> root + "." + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that(resideInAPackage(root + "." + adapter + ".."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(others));
    }

    /** What adapters share is no way from one to another. */
    private ArchRule httpKnowsNobody() {
        return noClasses()
                .that(resideInAPackage(root + ".http.."))
                .should()
                .dependOnClassesThat(resideInAPackage(root + "..").and(resideOutsideOfPackages(root + ".http..")));
    }

    private ArchRule onlyOwnersUse(List<String> owners, List<String> packages) {
        String[] homes = owners.stream().map(owner -> root + "." + owner + "..").toArray(String[]::new);
        return noClasses()
                .that(resideInAPackage(root + "..").and(resideOutsideOfPackages(homes)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(packages.toArray(String[]::new)));
    }

    private ArchRule onlyTwoCallTheSystem() {
        return noClasses()
                .that(resideInAPackage(root + "..")
                        .and(resideOutsideOfPackages(root + ".udp..", root + ".app.logging..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.sun.jna.."));
    }

    private ArchRule nobodySleeps() {
        return noClasses().that(resideInAPackage(root + "..")).should().callMethod(Thread.class, "sleep", long.class);
    }

    private ArchRule onlyTheAppPrints() {
        return noClasses()
                .that(resideInAPackage(root + "..").and(resideOutsideOfPackages(root + ".app..", root + ".bench..")))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err");
    }
}
