using ClockifyFunctions.Configuration;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Tests.Support;

/// <summary>One Azurite for the tests that compare it with storage in memory. Each test uses its own names.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private Azurite _azurite = null!;

    internal AppSettings Settings { get; private set; } = null!;

    internal BlobAccount Account { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartAsync(TestContext.Current.CancellationToken);
        Settings = Some.Settings(_azurite.ConnectionString);
        Account = new BlobAccount(Settings);
    }

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();
}

[CollectionDefinition(Name)]
[Trait(Categories.Name, Categories.Process)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "Azurite";
}
