using ClockifyFunctions.Api;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Draining;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Maintenance;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions;

/// <summary>Registers the services of the app. <c>Program.cs</c> adds the hosting; tests replace clock, storage, queues and network.</summary>
internal static class AppServices
{
    public static IServiceCollection AddClockifyFunctions(this IServiceCollection services, AppSettings settings) => services
        .AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton<BlobAccount>()
        .AddSingleton(services => new CredentialStore(settings, SecretStores.Open(settings, services.GetRequiredService<TimeProvider>()), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CredentialStore>>()))
        .AddSingleton<DestinationStore>()
        .AddSingleton<Backlogs>().AddSingleton<Journals>().AddSingleton<LinkStore>()
        .AddSingleton<IGateStore, BlobGateStore>().AddSingleton<GateKeeper>()
        .AddSingleton<ClockifyClient>().AddSingleton<InteractiveCalls>()
        .AddSingleton<QuarantineStore>().AddSingleton<SnapshotStore>().AddSingleton<IExternalKeys>(services => services.GetRequiredService<LinkStore>()).AddSingleton<ReferencePreview>()
        .AddSingleton(_ => ServiceBusConnection.Open(settings)).AddSingleton<Queues>().AddSingleton<RunningDrains>().AddSingleton<DrainTickets>()
        .AddSingleton(Random.Shared).AddSingleton<ActiveDestinations>().AddSingleton<LaneFinder>().AddSingleton<Replayer>().AddSingleton<Drain>()
        .AddSingleton<MessageIngest>().AddSingleton<InlineDestinations>().AddSingleton<RecordsOfDeletedDestinations>().AddSingleton<DestinationRemoval>().AddSingleton<IdleDestinations>().AddSingleton<Sweep>()
        .AddSingleton<Overview>().AddSingleton<StatusReader>()
        .AddSingleton<DestinationsApi>().AddSingleton<RequestKeys>().AddSingleton<RecordsApi>().AddSingleton<RunsApi>().AddSingleton<SyncApi>().AddSingleton<PreviewApi>().AddSingleton<TestApi>().AddSingleton<StatusApi>().AddSingleton<SummaryApi>().AddSingleton<CredentialsApi>().AddSingleton<QuarantineApi>();
}
