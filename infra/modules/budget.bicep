// Sends a mail when a month's cost passes 80 % of the amount, and when the forecast passes all of it. It stops nothing.

@description('A month\'s budget in the subscription\'s currency.')
param amount int

@description('First day of the month in which the budget was created, yyyy-MM-01. It stays the same, so that later deployments update the same budget.')
param startDate string

param email string

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: 'keypoints'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: [email]
      }
      forecast: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [email]
      }
    }
  }
}
