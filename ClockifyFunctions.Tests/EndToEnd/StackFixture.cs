using System.Globalization;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>One local stack for all tests of a collection: real Azurite, real AMQP, the app in real processes. Each test uses its own credential.</summary>
public abstract class StackFixture : IAsyncLifetime
{
    private const int Credentials = 99;

    private int _taken;

    internal LocalStack Stack { get; private set; } = null!;

    internal BusClient Client { get; private set; } = null!;

    internal ResponseEvents Events { get; private set; } = null!;

    internal abstract LocalStackOptions Options { get; }

    public async ValueTask InitializeAsync()
    {
        var credentials = Enumerable.Range(1, Credentials).ToDictionary(NameOf, KeyOf);
        Stack = await LocalStack.StartAsync(Options with { MoreCredentials = credentials }, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        Client = await BusClient.ConnectAsync(Stack.Bus.Port);
        Events = new ResponseEvents(Client);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Stack.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns a credential that no other test uses.</summary>
    internal (string Name, string Key) TakeCredential()
    {
        var number = Interlocked.Increment(ref _taken);
        Assert.True(number <= Credentials, $"The stack has {Credentials} credentials; raise that number.");
        return (NameOf(number), KeyOf(number));
    }

    private static string NameOf(int number) => number.ToString("key00", CultureInfo.InvariantCulture);

    private static string KeyOf(int number) => $"simulated-key-of-{NameOf(number)}";
}
