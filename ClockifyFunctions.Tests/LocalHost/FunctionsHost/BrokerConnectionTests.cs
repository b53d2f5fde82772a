using Amqp;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>Tests the connection to a namespace with tokens against an emulator. TLS is not tested here.</summary>
public sealed class BrokerConnectionTests
{
    private static readonly SharedAccessKey Key = new("Root", "c2VjcmV0");

    private readonly WatchedTime _time = new();

    [Fact]
    public async Task MessagesOfANamespaceWithTokensAreReceivedAndTheirLocksAreRenewed()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], _time, Key);
        bus.Queue("orders").Send(new Message("a"));
        await using var connection = await BrokerConnection.OpenAsync(At(bus, Key), "orders", _time);

        connection.Receiver.SetCredit(1, CreditMode.Manual);
        var message = await connection.Receiver.ReceiveAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("a", message.Body);
        var renewed = await connection.Locks.RenewAsync(AmqpMessages.LockToken(message), TestContext.Current.CancellationToken);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(60), renewed);
    }

    [Fact]
    public async Task AConnectionRenewsItsToken()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], _time, Key);
        await using var connection = await BrokerConnection.OpenAsync(At(bus, Key), "orders", _time);
        bus.Queue("orders").Send(new Message("a"));
        connection.Receiver.SetCredit(1, CreditMode.Manual);
        var message = await connection.Receiver.ReceiveAsync(TimeSpan.FromSeconds(20));
        for (var token = 1; token <= 3; token++)
        {
            // A token lasts one hour and is renewed after four fifths of it.
            await _time.WhenAwaited(TimeSpan.FromMinutes(48), times: token);
            _time.Advance(TimeSpan.FromMinutes(48));
            await Eventually.TrueAsync("the broker has accepted the next token", () => bus.TokensTaken == token + 1, TimeSpan.FromSeconds(60));
        }

        var refusal = await Assert.ThrowsAsync<AmqpException>(
            () => connection.Locks.RenewAsync(AmqpMessages.LockToken(message), TestContext.Current.CancellationToken));

        // The lock has expired, but the attached link shows that the broker accepted the token.
        Assert.Contains("410", refusal.Message);
    }

    [Fact]
    public async Task AWrongKeyIsRefusedAsUnauthorizedAndIsNotInTheMessage()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], _time, Key);

        var refusal = await Assert.ThrowsAsync<AmqpException>(
            () => BrokerConnection.OpenAsync(At(bus, new("Root", "b3RoZXI=")), "orders", _time));

        Assert.Equal(ErrorCode.UnauthorizedAccess, refusal.Error.Condition);
        Assert.DoesNotContain("b3RoZXI", refusal.Message);
    }

    [Fact]
    public async Task ANamespaceWithTokensRefusesAClientWithoutAToken()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], _time, Key);
        await using var connection = await BrokerConnection.OpenAsync(new BrokerAddress("127.0.0.1", bus.Port), "orders", _time);

        await Assert.ThrowsAsync<AmqpException>(async () =>
        {
            connection.Receiver.SetCredit(1, CreditMode.Manual);
            await connection.Receiver.ReceiveAsync(TimeSpan.FromSeconds(20));
        });
    }

    [Theory]
    [InlineData("Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=c2VjcmV0", "ns.servicebus.windows.net", 5671, true)]
    [InlineData("Endpoint=sb://127.0.0.1:5999;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true", "127.0.0.1", 5999, false)]
    [InlineData("Endpoint=sb://localhost;UseDevelopmentEmulator=true", "localhost", 5672, false)]
    public void AConnectionStringContainsAddressAndTransport(string text, string host, int port, bool useTls)
    {
        Assert.True(BrokerAddress.TryParse(text, out var address));
        Assert.Equal((host, port, useTls, useTls), (address.Host, address.Port, address.UseTls, address.Key is not null));
        Assert.DoesNotContain("c2VjcmV0", address.ToString());
    }

    [Theory]
    [InlineData("Endpoint=sb://ns.servicebus.windows.net/")]
    [InlineData("Endpoint=https://ns.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=k")]
    [InlineData("no connection string")]
    public void AnInvalidConnectionStringIsNotRead(string text) => Assert.False(BrokerAddress.TryParse(text, out _));

    private static BrokerAddress At(ServiceBusEmulator bus, SharedAccessKey key) => new("127.0.0.1", bus.Port) { Key = key };
}
