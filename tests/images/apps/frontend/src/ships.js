export const ships = ['Argo', 'Beagle', 'Calypso'];
