namespace ClockifyFunctions.Configuration;

/// <summary>Reports credentials that cannot be used. They do not stop the app, because the other credentials can be served.</summary>
internal static class CredentialLog
{
    public static void LogUnusableCredentials(this AppSettings settings, ILogger log)
    {
        foreach (var credential in settings.Credentials.Values)
            if (credential.Unusable is { } reason) log.LogError("Credential {Credential} cannot be used: {Reason}.", credential.Name, reason);
    }
}
