using System.Data.Common;
using Azure.Messaging.ServiceBus;

namespace ClockifyFunctions.Configuration;

/// <summary>Checks connection strings. A connection string is a secret, so no message repeats a part of it.</summary>
internal static class ConnectionText
{
    /// <summary>Returns the problem of a Service Bus connection string; null if it is valid.</summary>
    public static string? ProblemOfServiceBus(string connection)
    {
        ServiceBusConnectionStringProperties parts;
        try
        {
            // The parser of the SDK accepts some texts that are not a list of name=value pairs.
            _ = new DbConnectionStringBuilder { ConnectionString = connection };
            parts = ServiceBusConnectionStringProperties.Parse(connection);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            return "is not a list of name=value pairs separated by ';' with Endpoint=sb://…";
        }

        if (parts.Endpoint is null) return "has no Endpoint=sb://…";
        return parts.SharedAccessSignature is null && (parts.SharedAccessKeyName is null || parts.SharedAccessKey is null)
            ? "has no SharedAccessKeyName and SharedAccessKey"
            : null;
    }
}
