using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Messaging;

/// <summary>Opens the Service Bus namespace that the settings name.</summary>
internal static class ServiceBusConnection
{
    /// <summary>One attempt per operation. <see cref="QueueSender"/> makes all further attempts, so that one place decides when to stop.</summary>
    private static readonly ServiceBusRetryOptions OneAttempt = new() { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(20) };

    /// <param name="settings">Valid settings.</param>
    public static ServiceBusClient Open(AppSettings settings)
    {
        var options = new ServiceBusClientOptions { RetryOptions = OneAttempt };
        return string.IsNullOrEmpty(settings.ServiceBusConnection)
            ? new ServiceBusClient(settings.ServiceBusNamespace, settings.ServiceBusIdentity.Credential(), options)
            : new ServiceBusClient(settings.ServiceBusConnection, options);
    }
}
