namespace ClockifyFunctions.Hosting;

/// <summary>
/// An invocation that fails gets its messages back at once, and after so many deliveries they are dead-lettered. What fails is hardly
/// ever the message (that is quarantined) but storage or the way to it: so a failure is not answered at once.
/// </summary>
internal static class RedeliveryPause
{
    /// <summary>Times the queue's delivery count, that is how long storage may be away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public static void UseRedeliveryPause(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.GetEndpoint()?.Metadata.GetMetadata<Marker>() is not null)
        {
            var (time, lifetime) = (context.RequestServices.GetRequiredService<TimeProvider>(), context.RequestServices.GetRequiredService<IHostApplicationLifetime>());
            await Task.Delay(Pause, time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    });

    public static void PausesWhenItFails(this IEndpointConventionBuilder endpoint) => endpoint.WithMetadata(new Marker());

    private sealed class Marker;
}
